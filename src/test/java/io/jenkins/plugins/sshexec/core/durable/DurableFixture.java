package io.jenkins.plugins.sshexec.core.durable;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A real server, all of the core above it, and one durable command that keeps what it writes. */
final class DurableFixture implements AutoCloseable {

    /** Patient with a busy machine, and quick to try again. */
    static final DurableTimes TIMES = new DurableTimes(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofMinutes(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(25),
            Duration.ofSeconds(20));

    final OpenSshServer server;
    final RealExec real = RealExec.with(4, 4);
    final UUID id = UUID.randomUUID();
    final Cancellation cancellation = new Cancellation();
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    final Recorder recorder = new Recorder();
    private final Path directory;
    private String shell = "/bin/sh";
    private DurableTimes times = TIMES;

    DurableFixture(OpenSshServer server) {
        this.server = server;
        this.directory = server.directory().resolve("durable");
    }

    DurableFixture shell(String words) {
        shell = words;
        return this;
    }

    DurableFixture times(DurableTimes other) {
        times = other;
        return this;
    }

    DurableRequest request(String command) {
        return request(real.spec(server), command.getBytes(UTF_8), ExecLimits.NONE);
    }

    DurableRequest request(SessionSpec spec, byte[] command, ExecLimits limits) {
        return DurableRequest.toStart(
                spec, RealExec.HOLDER, id, Optional.of(directory.toString()), command, RealExec.LIMIT, limits);
    }

    CompletableFuture<ExecResult> run(String command) {
        return run(request(command));
    }

    CompletableFuture<ExecResult> run(DurableRequest request) {
        return run(request, new Kept());
    }

    CompletableFuture<ExecResult> run(DurableRequest request, OutputSink sink) {
        return new DurableExec(real.exec(), real.threads(), NanoClock.SYSTEM, times, shell)
                .run(request, sink, recorder, cancellation);
    }

    RemoteExit exit(String command) throws Exception {
        return await(run(command)).exit();
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(120, TimeUnit.SECONDS);
    }

    /** What the future fails with. */
    static Throwable failure(CompletableFuture<?> future) throws InterruptedException, TimeoutException {
        try {
            future.get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (CancellationException e) {
            return e;
        }
        throw new AssertionError("It did not fail.");
    }

    Path folder() {
        return directory.resolve(id.toString());
    }

    /** Names of the folders of commands that are there. */
    List<String> folders() throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    String out() {
        synchronized (stdout) {
            return stdout.toString(UTF_8);
        }
    }

    String err() {
        synchronized (stderr) {
            return stderr.toString(UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        real.close();
        server.close();
    }

    /** Into memory. */
    final class Kept implements OutputSink {
        @Override
        public void stdout(byte[] buffer, int offset, int length) {
            synchronized (stdout) {
                stdout.write(buffer, offset, length);
            }
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            synchronized (stderr) {
                stderr.write(buffer, offset, length);
            }
        }
    }

    /** What the observer is told, a word for each. */
    static class Recorder implements DurableObserver {
        private final List<String> events = new ArrayList<>();

        synchronized List<String> events() {
            return List.copyOf(events);
        }

        private synchronized void add(String event) {
            events.add(event);
        }

        @Override
        public void launched() {
            add("launched");
        }

        @Override
        public void lost(SshException failure) {
            add("lost");
        }

        @Override
        public void found() {
            add("found");
        }

        @Override
        public void diskWasFull() {
            add("disk was full");
        }

        @Override
        public void ended(RemoteExit exit) {
            add("ended");
        }

        @Override
        public void waiting(int placeInLine) {
            add("waiting");
        }

        @Override
        public void paused() {
            add("paused");
        }

        @Override
        public void starting(boolean reusedSession) {
            add("starting");
        }

        @Override
        public void retrying(SshException failure) {
            add("retrying");
        }

        @Override
        public void connectingAgain(SshException failure) {
            add("connecting again");
        }

        @Override
        public void survived(List<String> processes) {
            add("survived " + processes);
        }

        @Override
        public void mayStillRun() {
            add("may still run");
        }
    }
}
