package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** A {@link RemoteExec} whose pool, clock, timer and threads are the test's. */
final class ExecFixture {

    static final Endpoint WEB1 = new Endpoint("web1", 22);
    static final LeaseHolder HOLDER = new LeaseHolder("shop", "shop #1", "job/shop/1/");
    static final Duration START_TIMEOUT = Duration.ofSeconds(7);

    final FakePool pool = new FakePool();
    final ManualClock clock = new ManualClock();
    final ManualScheduler timer = new ManualScheduler(clock);
    final Cancellation cancellation = new Cancellation();
    final FakeProcess process = new FakeProcess(WEB1, this::event);
    final OutputSink output = new DiscardingSink();
    final ExecRequest request;

    private final RecordingObserver observer = new RecordingObserver();

    ExecFixture() {
        this("me", ExecLimits.NONE);
    }

    ExecFixture(String user, ExecLimits limits) {
        request = new ExecRequest(
                SessionSpec.of(
                        WEB1,
                        new PasswordLogin(user, SecretBytes.of("secret")),
                        Policies.acceptAny(),
                        new LoginFingerprint.Maker()),
                HOLDER,
                RemoteCommand.of("systemctl restart app"),
                START_TIMEOUT,
                limits);
    }

    /** What the observer heard and the process got, in their order. */
    List<String> events() {
        return observer.events();
    }

    void event(String event) {
        observer.events().add(event);
    }

    /** From now on the observer fails on this event. */
    void failOn(String event, Error failure) {
        observer.failOn(event, failure);
    }

    CompletableFuture<ExecResult> run() {
        return runOn(Runnable::run);
    }

    /** @param executor for the steps that end a cancelled command */
    CompletableFuture<ExecResult> runOn(Executor executor) {
        return new RemoteExec(
                        pool, new ExecThreads(Runnable::run, Runnable::run, new TimedExecutor(executor, timer)), clock)
                .run(request, output, observer, cancellation);
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

    private static final class DiscardingSink implements OutputSink {
        @Override
        public void stdout(byte[] buffer, int offset, int length) {}

        @Override
        public void stderr(byte[] buffer, int offset, int length) {}
    }
}
