package io.jenkins.plugins.sshexec.core.exec;

import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExecLimitsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    private final ExecFixture total = new ExecFixture("me", new ExecLimits(Optional.empty(), Optional.of(LIMIT)));
    private final ExecFixture idle = new ExecFixture("me", new ExecLimits(Optional.of(LIMIT), Optional.empty()));

    @Test
    void totalEndsTheCommandWhenItIsReachedAndNotBefore() {
        total.willRun(false);
        CompletableFuture<ExecResult> future = total.run();
        total.pass(LIMIT.minus(A_MOMENT));
        assertThat(total.process.received()).isEmpty();
        total.pass(A_MOMENT);
        total.pass(Duration.ZERO);
        assertThat(total.process.received()).containsExactly("TERM");
        total.process.end(new Signalled("TERM"));
        assertTimeout(future, false, Stage.RUN);
        assertThat(total.timer.pending()).isZero();
    }

    @Test
    void totalCountsTheWaitingAndNothingIsSentThen() {
        total.pool.willWait();
        CompletableFuture<ExecResult> future = total.run();
        total.pass(LIMIT);
        assertTimeout(future, false, Stage.WAITING);
    }

    @Test
    void cancellationThatComesFirstIsWhatIsTold() {
        total.willRun(false);
        CompletableFuture<ExecResult> future = total.run();
        total.cancellation.cancel();
        total.pass(LIMIT);
        total.process.end(0);
        assertThat(failureOf(future)).isInstanceOf(CancellationException.class);
    }

    @Test
    void limitThatComesFirstIsWhatIsTold() {
        total.willRun(false);
        CompletableFuture<ExecResult> future = total.run();
        total.pass(LIMIT);
        total.cancellation.cancel();
        total.process.end(0);
        assertTimeout(future, false, Stage.RUN);
    }

    @Test
    void commandThatEndsInTimeLeavesNoTimer() {
        for (ExecFixture fixture : new ExecFixture[] {total, idle}) {
            fixture.willRun(false);
            CompletableFuture<ExecResult> future = fixture.run();
            fixture.process.end(0);
            assertThat(future).isCompleted();
            assertThat(fixture.timer.pending()).isZero();
        }
    }

    @Test
    void silenceEndsTheCommandAndOutputPutsThatOff() throws IOException {
        FakeLease lease = idle.willRun(false);
        CompletableFuture<ExecResult> future = idle.run();
        for (int i = 0; i < 5; i++) {
            idle.pass(LIMIT.minus(A_MOMENT));
            lease.starts().get(0).output().stderr(new byte[] {'x'}, 0, 1);
        }
        idle.pass(LIMIT.minus(A_MOMENT));
        assertThat(idle.process.received()).isEmpty();
        idle.pass(A_MOMENT);
        idle.pass(Duration.ZERO);
        assertThat(idle.process.received()).containsExactly("TERM");
        idle.process.end(new Signalled("TERM"));
        assertTimeout(future, true, Stage.RUN);
        assertThat(idle.timer.pending()).isZero();
    }

    /** Silence is the command's; before it is sent there is none. */
    @Test
    void waitingIsNoSilence() {
        CompletableFuture<?> lease = idle.pool.willWait();
        CompletableFuture<ExecResult> future = idle.run();
        idle.pass(LIMIT.multipliedBy(100));
        assertThat(lease).isNotDone();
        assertThat(future).isNotDone();
    }

    private static void assertTimeout(CompletableFuture<?> future, boolean idle, Stage stage) {
        assertThat(failureOf(future)).isInstanceOfSatisfying(CommandTimeout.class, timeout -> {
            assertThat(timeout.idle()).isEqualTo(idle);
            assertThat(timeout.limit()).isEqualTo(LIMIT);
            assertThat(timeout.stage()).isEqualTo(stage);
        });
    }
}
