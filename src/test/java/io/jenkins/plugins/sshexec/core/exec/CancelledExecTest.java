package io.jenkins.plugins.sshexec.core.exec;

import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.channelRefused;
import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.failureOf;
import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.lost;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CancelledExecTest {

    private static final Duration A_MOMENT = Duration.ofNanos(1);

    private final ExecFixture fixture = new ExecFixture();

    @Test
    void cancelledBeforehandNothingIsSent() {
        FakeLease lease = fixture.willRun(false);
        fixture.cancellation.cancel();
        assertCancelled(fixture.run());
        assertThat(lease.starts()).isEmpty();
        assertThat(fixture.events()).isEmpty();
    }

    @Test
    void cancelledWhileWaitingNothingIsSent() {
        CompletableFuture<SessionLease> lease = fixture.pool.willWait();
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        assertThat(lease).isCompletedExceptionally();
        assertCancelled(future);
        assertThat(fixture.events()).isEmpty();
        assertThat(fixture.timer.pending()).isZero();
    }

    @Test
    void cancelledWhileTheChannelIsOpenedTheSessionIsNotUsedAgain() {
        FakeLease lease = fixture.pool.willLend(true, start -> {
            fixture.cancellation.cancel();
            start.cancellation().throwIfCancelled();
            throw new AssertionError("not reached");
        });
        assertCancelled(fixture.run());
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThat(fixture.pool.asked()).isOne();
    }

    @Test
    void cancelledBetweenTheRetriesNoFurtherLeaseIsUsed() {
        fixture.pool.willLend(true, start -> {
            fixture.cancellation.cancel();
            throw lost(Stage.CHANNEL);
        });
        FakeLease second = fixture.willRun(false);
        assertCancelled(fixture.run());
        assertThat(second.starts()).isEmpty();
    }

    @Test
    void cancelledWhileWaitingAfterARefusedChannelNoFurtherLeaseIsUsed() {
        FakeLease refused = fixture.willFail(false, channelRefused());
        FakeLease second = fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        fixture.pass(Duration.ofSeconds(1));
        assertCancelled(future);
        assertThat(refused.events()).containsExactly("channel refused", "closed");
        assertThat(second.starts()).isEmpty();
    }

    @Test
    void runningCommandIsAskedToEndAndItsSessionStays() {
        FakeLease lease = fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        fixture.pass(Duration.ZERO);
        assertThat(fixture.process.received()).containsExactly("TERM");
        assertThat(future).isNotDone();
        fixture.process.end(new Signalled("TERM"));
        assertCancelled(future);
        assertThat(lease.events()).containsExactly("closed");
        assertThatNothingFollows("starting on a new session", "TERM");
    }

    @Test
    void observerThatFailsAtTheEndDoesNotKeepTheChannel() {
        fixture.failOn("may still run", new StackOverflowError());
        FakeLease lease = fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        fixture.pass(Duration.ZERO);
        fixture.pass(CommandEnding.GRACE);
        fixture.pass(CommandEnding.AFTER_KILL);
        assertThat(fixture.process.received()).containsExactly("TERM", "KILL", "channel closed");
        assertCancelled(future);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
    }

    @Test
    void commandThatIgnoresTermIsKilledAfterTheGrace() {
        FakeLease lease = fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        fixture.pass(Duration.ZERO);
        fixture.pass(CommandEnding.GRACE.minus(A_MOMENT));
        assertThat(fixture.process.received()).containsExactly("TERM");
        fixture.pass(A_MOMENT);
        assertThat(fixture.process.received()).containsExactly("TERM", "KILL");
        fixture.process.end(new Signalled("KILL"));
        assertCancelled(future);
        assertThat(lease.events()).containsExactly("closed");
        assertThatNothingFollows("starting on a new session", "TERM", "KILL");
    }

    @Test
    void commandThatNothingEndsIsLeftAndTheObserverToldFirst() {
        FakeLease lease = fixture.willRun(true);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        fixture.pass(Duration.ZERO);
        fixture.pass(CommandEnding.GRACE);
        fixture.pass(CommandEnding.AFTER_KILL.minus(A_MOMENT));
        assertThat(future).isNotDone();
        fixture.pass(A_MOMENT);
        assertCancelled(future);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThatNothingFollows("starting on a reused session", "TERM", "KILL", "may still run", "channel closed");
    }

    @Test
    void cancelledJustAsTheCommandWasSentItIsAskedToEnd() {
        fixture.pool.willLend(false, start -> {
            fixture.cancellation.cancel();
            return fixture.process;
        });
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.pass(Duration.ZERO);
        assertThat(fixture.process.received()).containsExactly("TERM");
        fixture.process.end(0);
        assertCancelled(future);
    }

    /** The server may have got the exec request, and that is all that is known. */
    @Test
    void cancelledWhileTheAnswerToTheRequestIsAwaitedTheCommandMayRun() {
        FakeLease lease = fixture.pool.willLend(true, start -> {
            fixture.cancellation.cancel();
            throw lost(Stage.RUN);
        });
        assertCancelled(fixture.run());
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThatNothingFollows("starting on a reused session", "may still run");
    }

    @Test
    void sessionLostWhileTheCommandEndsIsACancellationToo() {
        FakeLease lease = fixture.willRun(true);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        fixture.pass(Duration.ZERO);
        fixture.process.fail(lost(Stage.RUN));
        assertCancelled(future);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThatNothingFollows("starting on a reused session", "TERM", "may still run");
    }

    @Test
    void cancelledAfterTheEndNothingHappens() {
        fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.process.end(0);
        fixture.cancellation.cancel();
        assertThat(future).isCompletedWithValueMatching(result -> !result.reusedSession());
        assertThatNothingFollows("starting on a new session");
    }

    /** Sending a signal blocks while the server reads nothing. */
    @Test
    void stepsAreLeftToTheExecutorAndEachIsDueInItsTimeWhateverBecomesOfTheOnesBefore() {
        fixture.willRun(false);
        Queue<Runnable> handedOver = new ArrayDeque<>();
        fixture.runOn(handedOver::add);
        fixture.cancellation.cancel();
        assertThat(handedOver).isEmpty();
        fixture.pass(Duration.ZERO);
        Runnable blocked = handedOver.remove();
        fixture.pass(CommandEnding.GRACE);
        handedOver.remove().run();
        assertThat(fixture.process.received()).containsExactly("KILL");
        fixture.pass(CommandEnding.AFTER_KILL);
        handedOver.remove().run();
        assertThat(fixture.process.received()).containsExactly("KILL", "channel closed");
        blocked.run();
        assertThat(fixture.process.received()).containsExactly("KILL", "channel closed");
    }

    /** The session may run another build's command by then. */
    @Test
    void aStepThatAThreadComesToAfterTheEndIsNotTaken() {
        fixture.willRun(false);
        Queue<Runnable> handedOver = new ArrayDeque<>();
        CompletableFuture<ExecResult> future = fixture.runOn(handedOver::add);
        fixture.cancellation.cancel();
        fixture.pass(CommandEnding.GRACE.plus(CommandEnding.AFTER_KILL));
        assertThat(handedOver).hasSize(3);
        fixture.process.end(0);
        assertCancelled(future);
        handedOver.forEach(Runnable::run);
        assertThatNothingFollows("starting on a new session");
    }

    @Test
    void cancelledAfterTheThreadsHaveGoneTheCommandIsGivenUp() {
        FakeLease lease = fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.runOn(task -> {
            throw new RejectedExecutionException();
        });
        fixture.timer.shutdown();
        fixture.cancellation.cancel();
        assertCancelled(future);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
    }

    @Test
    @Timeout(60)
    void endAndCancellationAtTheSameTimeCloseTheLeaseAndLeaveNoTimer() throws Exception {
        for (int round = 0; round < 200; round++) {
            ExecFixture raced = new ExecFixture();
            FakeLease lease = raced.willRun(false);
            CompletableFuture<ExecResult> future = raced.run();
            CountDownLatch go = new CountDownLatch(1);
            Thread canceller = new Thread(() -> {
                await(go);
                raced.cancellation.cancel();
            });
            canceller.start();
            go.countDown();
            raced.process.end(0);
            canceller.join();
            assertThat(future).isDone();
            assertThat(lease.events()).containsExactly("closed");
            assertThat(raced.timer.pending()).isZero();
        }
    }

    private static void assertCancelled(CompletableFuture<?> future) {
        assertThat(failureOf(future)).isInstanceOf(CancellationException.class);
    }

    /** Events are these, and stay these however much time passes. */
    private void assertThatNothingFollows(String... events) {
        assertThat(fixture.timer.pending()).isZero();
        fixture.pass(Duration.ofDays(1));
        assertThat(fixture.events()).containsExactly(events);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
