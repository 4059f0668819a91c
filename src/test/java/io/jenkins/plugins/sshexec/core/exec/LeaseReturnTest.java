package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a caller's code does, its lease comes back: with a pool of one seat the next command would wait for ever
 * otherwise.
 */
@Timeout(60)
class LeaseReturnTest {

    private final RealExec exec = RealExec.with(1, 1);
    private final Cancellation cancellation = new Cancellation();
    private OpenSshServer server;

    @BeforeEach
    void start() throws Exception {
        server = OpenSshServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        exec.close();
        server.close();
    }

    /** Where a caller's code is called. */
    private enum Call {
        STARTING,
        STDOUT,
        STDERR
    }

    private CompletableFuture<ExecResult> run(String command, Consumer<Call> caller) {
        return run(command, caller, cancellation);
    }

    private CompletableFuture<ExecResult> run(String command, Consumer<Call> caller, Cancellation stop) {
        return exec.run(
                server,
                RemoteCommand.of("echo x; echo y >&2; " + command),
                ExecLimits.NONE,
                new CallersSink(caller),
                new CallersObserver(caller),
                stop);
    }

    private void assertAllCameBack() {
        await().untilAsserted(() -> assertThat(exec.pool().snapshot().hosts())
                .allSatisfy(host -> assertThat(host.leases()).isZero()));
        assertThat(exec.pool().snapshot().sessions())
                .allSatisfy(session -> assertThat(session.holders()).isEmpty());
        assertThat(run("true", call -> {}, new Cancellation()))
                .succeedsWithin(RealExec.LIMIT)
                .satisfies(next -> assertThat(next.exit()).isEqualTo(new Exited(0)));
    }

    /** It must; how, other tests look at. */
    private static void assertEnds(CompletableFuture<ExecResult> future) {
        assertThat(future.handle((result, failure) -> true)).succeedsWithin(RealExec.LIMIT);
    }

    @ParameterizedTest
    @EnumSource
    void afterAnErrorInTheCallersCode(Call where) {
        assertEnds(run("sleep 600", call -> {
            if (call == where) {
                throw new StackOverflowError("on purpose");
            }
        }));

        assertAllCameBack();
    }

    @ParameterizedTest
    @EnumSource
    void afterAnExceptionInTheCallersCode(Call where) {
        assertEnds(run("sleep 600", call -> {
            if (call == where) {
                throw new IllegalStateException("on purpose");
            }
        }));

        assertAllCameBack();
    }

    /** As when Jenkins interrupts the thread that runs a build's code. */
    @ParameterizedTest
    @ValueSource(strings = {"sleep 600", "true"})
    void afterAnInterruptOfWhicheverThreadWasCalling(String command) {
        CompletableFuture<ExecResult> future =
                run(command, call -> Thread.currentThread().interrupt());
        await().until(() -> exec.pool().snapshot().opened() > 0);
        cancellation.cancel();

        assertEnds(future);
        assertAllCameBack();
    }

    @Test
    void afterTheCallerHasCompletedItsFutureItself() {
        CompletableFuture<ExecResult> future = run("true", call -> {});
        future.cancel(true);

        assertAllCameBack();
    }

    private record CallersSink(Consumer<Call> caller) implements OutputSink {
        @Override
        public void stdout(byte[] buffer, int offset, int length) {
            caller.accept(Call.STDOUT);
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            caller.accept(Call.STDERR);
        }
    }

    private record CallersObserver(Consumer<Call> caller) implements ExecObserver {
        @Override
        public void waiting(int placeInLine) {}

        @Override
        public void paused() {}

        @Override
        public void connectingAgain(SshException failure) {}

        @Override
        public void starting(boolean reusedSession) {
            caller.accept(Call.STARTING);
        }

        @Override
        public void retrying(SshException failure) {}

        @Override
        public void survived(List<String> processes) {}

        @Override
        public void mayStillRun() {}
    }
}
