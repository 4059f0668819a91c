package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A command that runs until the test ends it, or its channel is closed. It writes down what is done to it. Thread-safe. */
final class FakeProcess implements RemoteProcess {

    private final Endpoint endpoint;
    private final Consumer<String> events;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final CompletableFuture<RemoteExit> exit = new CompletableFuture<>();

    private volatile Runnable whileSignalling = () -> {};
    private volatile boolean refusing;

    /** @param events gets signals and {@code channel closed} too, for tests that look at the order among several parties */
    FakeProcess(Endpoint endpoint, Consumer<String> events) {
        this.endpoint = endpoint;
        this.events = events;
    }

    /** Names of signals, and {@code channel closed}. */
    List<String> received() {
        return received;
    }

    void end(int status) {
        exit.complete(new Exited(status));
    }

    void end(RemoteExit how) {
        exit.complete(how);
    }

    void fail(Throwable failure) {
        exit.completeExceptionally(failure);
    }

    /** Runs {@code action} inside each signal that is sent. */
    void onSignal(Runnable action) {
        whileSignalling = action;
    }

    /** The server signals nothing. */
    void refuseSignals() {
        refusing = true;
    }

    private void receive(String event) {
        received.add(event);
        events.accept(event);
    }

    @Override
    public CompletableFuture<RemoteExit> exit() {
        return exit;
    }

    @Override
    public OutputStream stdin() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public boolean signal(String name) {
        whileSignalling.run();
        receive(name);
        return !refusing;
    }

    @Override
    public void close() {
        receive("channel closed");
        fail(new SessionLost(endpoint, Stage.RUN, "channel closed", null));
    }
}
