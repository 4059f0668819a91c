package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.SshException.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.SshException.SessionLost;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** A {@link RemoteExec} whose pool, clock, timer and threads are the test's. */
final class ExecFixture {

    static final Endpoint WEB1 = new Endpoint("web1", 22);
    static final Duration START_TIMEOUT = Duration.ofSeconds(7);

    final FakePool pool = new FakePool();
    final ManualClock clock = new ManualClock();
    final ManualScheduler timer = new ManualScheduler(clock);
    final Cancellation cancellation = new Cancellation();
    final FakeProcess process = new FakeProcess(WEB1, this::event);
    final OutputSink output = new DiscardingSink();
    final ExecRequest request = new ExecRequest(
            SessionSpec.of(
                    WEB1,
                    new PasswordLogin("me", SecretBytes.of("secret")),
                    Policies.acceptAny(),
                    new LoginFingerprint.Maker()),
            "systemctl restart app".getBytes(StandardCharsets.UTF_8),
            START_TIMEOUT);

    private final List<String> events = new CopyOnWriteArrayList<>();

    /** What the observer heard and the process got, in their order. */
    List<String> events() {
        return events;
    }

    void event(String event) {
        events.add(event);
    }

    CompletableFuture<ExecResult> run() {
        return runOn(Runnable::run);
    }

    /** @param executor for the steps that end a cancelled command */
    CompletableFuture<ExecResult> runOn(Executor executor) {
        return new RemoteExec(pool, new TimedExecutor(executor, timer), clock)
                .run(request, output, new Recorder(), cancellation);
    }

    /** Lets time pass, and with it the timers go off. */
    void pass(Duration time) {
        clock.advance(time);
        timer.runDue();
    }

    /** Prepares a lease on a session that runs {@link #process}. */
    FakeLease willRun(boolean reused) {
        return pool.willLend(reused, start -> process);
    }

    /** Prepares a lease on a session whose start fails so. */
    FakeLease willFail(boolean reused, SshException failure) {
        return pool.willLend(reused, start -> {
            throw failure;
        });
    }

    static SessionLost lost(Stage stage) {
        return new SessionLost(WEB1, stage, "cut", null);
    }

    static ChannelRefused channelRefused() {
        return new ChannelRefused(WEB1, "administratively prohibited");
    }

    /** Why a future has failed; it must have. */
    static Throwable failureOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        Throwable thrown = catchThrowable(future::join);
        return thrown instanceof CompletionException ? thrown.getCause() : thrown;
    }

    private final class Recorder implements ExecObserver {
        @Override
        public void waiting(int placeInLine) {
            event("waiting as number " + placeInLine);
        }

        @Override
        public void starting(boolean reusedSession) {
            event(reusedSession ? "starting on a reused session" : "starting on a new session");
        }

        @Override
        public void retrying(SshException failure) {
            event("retrying after " + failure.getClass().getSimpleName());
        }

        @Override
        public void mayStillRun() {
            event("may still run");
        }
    }

    private static final class DiscardingSink implements OutputSink {
        @Override
        public void stdout(byte[] buffer, int offset, int length) {}

        @Override
        public void stderr(byte[] buffer, int offset, int length) {}
    }
}
