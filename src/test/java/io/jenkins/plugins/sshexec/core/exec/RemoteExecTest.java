package io.jenkins.plugins.sshexec.core.exec;

import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.WEB1;
import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.channelRefused;
import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.failureOf;
import static io.jenkins.plugins.sshexec.core.exec.ExecFixture.lost;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ExecRefused;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteExecTest {

    private static final String REUSED = "starting on a reused session";
    private static final String NEW = "starting on a new session";
    private static final String RETRY_LOST = "retrying after SessionLost";
    private static final String RETRY_REFUSED = "retrying after ChannelRefused";

    /** Longer than any wait after a refused channel. */
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final ExecFixture fixture = new ExecFixture();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resultTellsExitDurationAndSession(boolean reused) {
        FakeLease lease = fixture.willRun(reused);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.clock.advance(Duration.ofMillis(250));
        assertThat(future).isNotDone();
        assertThat(lease.events()).isEmpty();
        fixture.process.end(3);
        assertThat(future).isCompletedWithValue(new ExecResult(new Exited(3), Duration.ofMillis(250), reused));
        assertThat(lease.events()).containsExactly("closed");
        assertThat(fixture.events()).containsExactly(reused ? REUSED : NEW);
        assertThat(fixture.process.received()).isEmpty();
    }

    @Test
    void everyLeaseIsAskedForInTheHoldersName() {
        fixture.willFail(true, lost(Stage.CHANNEL));
        fixture.willRun(false);
        fixture.run();
        assertThat(fixture.pool.holders()).containsExactly(ExecFixture.HOLDER, ExecFixture.HOLDER);
    }

    @Test
    void signalIsAResultToo() {
        FakeLease lease = fixture.willRun(true);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.process.end(new Signalled("KILL"));
        assertThat(future).isCompletedWithValueMatching(result -> result.exit().equals(new Signalled("KILL")));
        assertThat(lease.events()).containsExactly("closed");
    }

    @Test
    void requestReachesTheSessionAsItIs() {
        FakeLease lease = fixture.willRun(false);
        fixture.run();
        assertThat(lease.starts()).singleElement().satisfies(start -> {
            assertThat(start.command().line())
                    .isEqualTo(fixture.request.command().line());
            assertThat(start.command().readsInput()).isFalse();
            assertThat(start.timeout()).isEqualTo(ExecFixture.START_TIMEOUT);
        });
    }

    @Test
    void leaseIsClosedBeforeTheResultIsKnown() {
        FakeLease lease = fixture.willRun(false);
        AtomicBoolean closedBefore = new AtomicBoolean();
        CompletableFuture<Void> done = fixture.run().thenRun(() -> closedBefore.set(lease.isClosed()));
        fixture.process.end(0);
        assertThat(done).isCompleted();
        assertThat(closedBefore).isTrue();
    }

    @Test
    void waitingIsToldBeforeStarting() {
        fixture.pool.queueAt(3);
        CompletableFuture<SessionLease> later = fixture.pool.willWait();
        CompletableFuture<ExecResult> future = fixture.run();
        assertThat(fixture.events()).containsExactly("waiting as number 3");
        later.complete(new FakeLease(false, start -> fixture.process));
        fixture.process.end(0);
        assertThat(future).isCompleted();
        assertThat(fixture.events()).containsExactly("waiting as number 3", NEW);
    }

    @Test
    void aPauseIsToldAfterThePlaceInLine() {
        fixture.pool.queueAt(1);
        fixture.pool.pause();
        fixture.pool.willWait();
        fixture.run();
        assertThat(fixture.events()).containsExactly("waiting as number 1", "paused");
    }

    @Test
    void aConnectThatTheHostTurnedAwayIsToldBeforeStarting() {
        fixture.pool.turnsAway(ConnectFailed.dropped(ExecFixture.WEB1, Stage.BANNER, "closed", null));
        fixture.willRun(false);
        fixture.run();
        assertThat(fixture.events()).containsExactly("connecting again after ConnectFailed", NEW);
    }

    @Test
    void staleReusedSessionsAreReplacedUntilOneIsAlive() {
        FakeLease first = fixture.willFail(true, lost(Stage.CHANNEL));
        FakeLease second = fixture.willFail(true, lost(Stage.CHANNEL));
        FakeLease third = fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.process.end(0);
        assertThat(future).isCompletedWithValueMatching(result -> !result.reusedSession());
        assertThat(first.events()).containsExactly("retired FAILED", "closed");
        assertThat(second.events()).containsExactly("retired FAILED", "closed");
        assertThat(third.events()).containsExactly("closed");
        assertThat(fixture.events()).containsExactly(REUSED, RETRY_LOST, REUSED, RETRY_LOST, NEW);
    }

    @Test
    void durationBeginsWithTheAttemptThatSucceeds() {
        fixture.pool.willLend(true, start -> {
            fixture.clock.advance(Duration.ofSeconds(9));
            throw lost(Stage.CHANNEL);
        });
        fixture.willRun(true);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.clock.advance(Duration.ofSeconds(1));
        fixture.process.end(0);
        assertThat(future).isCompletedWithValue(new ExecResult(new Exited(0), Duration.ofSeconds(1), true));
    }

    @Test
    void newSessionsThatAreLostBeforeTheCommandAreReplacedAfterLongerAndLongerWaits() {
        fixture.willFail(false, lost(Stage.CHANNEL));
        fixture.willFail(true, lost(Stage.CHANNEL));
        fixture.willFail(false, lost(Stage.CHANNEL));
        fixture.willFail(false, lost(Stage.CHANNEL));
        SshException last = lost(Stage.CHANNEL);
        FakeLease lease = fixture.willFail(false, last);
        fixture.willRun(false);

        CompletableFuture<ExecResult> future = fixture.run();

        assertThat(fixture.pool.asked()).as("at once").isOne();
        fixture.pass(Duration.ofMillis(250));
        assertThat(fixture.pool.asked()).as("dead ones are replaced at once").isEqualTo(3);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(fixture.pool.asked()).isEqualTo(4);
        assertThat(future).isNotDone();
        fixture.pass(Duration.ofSeconds(4));
        assertThat(failureOf(future)).isSameAs(last);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThat(fixture.events())
                .containsExactly(NEW, RETRY_LOST, REUSED, RETRY_LOST, NEW, RETRY_LOST, NEW, RETRY_LOST, NEW);
        assertThat(fixture.timer.pending()).isZero();
    }

    @Test
    void cancellingInTheWaitForAnotherSessionIsHeededAtOnce() {
        FakeLease lease = fixture.willFail(false, lost(Stage.CHANNEL));
        CompletableFuture<ExecResult> future = fixture.run();

        fixture.cancellation.cancel();

        assertThat(failureOf(future)).isInstanceOf(CancellationException.class);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThat(fixture.timer.pending()).isZero();
    }

    @Test
    void aNewSessionThatIsLostOnceTheCommandMayHaveBeenSentIsNotReplaced() {
        FakeLease lease = fixture.willFail(false, lost(Stage.RUN));
        assertFailsWithoutRetry(lease, lost(Stage.RUN));
    }

    @Test
    void commandIsNeverSentAgainOnceItMayHaveBeenSent() {
        FakeLease lease = fixture.willFail(true, lost(Stage.RUN));
        assertFailsWithoutRetry(lease, lost(Stage.RUN));
    }

    @ParameterizedTest
    @EnumSource
    void reusedSessionIsReplacedInEveryStageButTheLast(Stage stage) {
        fixture.willFail(true, lost(stage));
        fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        assertThat(future.isCompletedExceptionally()).isEqualTo(stage == Stage.RUN);
        assertThat(fixture.pool.asked()).isEqualTo(stage == Stage.RUN ? 1 : 2);
    }

    static Stream<SshException> failuresThatAreFinal() {
        return Stream.of(new ExecRefused(WEB1, "no"), new OutputRefused(WEB1, new IOException("full")));
    }

    @ParameterizedTest
    @MethodSource("failuresThatAreFinal")
    void otherFailuresOfAReusedSessionAreFinal(SshException failure) {
        assertFailsWithoutRetry(fixture.willFail(true, failure), failure);
    }

    @Test
    void failureOfTheRunningCommandIsFinal() {
        FakeLease lease = fixture.willRun(true);
        CompletableFuture<ExecResult> future = fixture.run();
        SshException failure = lost(Stage.RUN);
        fixture.process.fail(failure);
        assertThat(failureOf(future)).isSameAs(failure);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThat(fixture.pool.asked()).isOne();
    }

    @Test
    void refusedChannelIsTriedAgainAfterAMoment() {
        FakeLease refused = fixture.willFail(false, channelRefused());
        FakeLease granted = fixture.willRun(true);
        CompletableFuture<ExecResult> future = fixture.run();
        assertThat(refused.events()).containsExactly("channel refused", "closed");
        fixture.pass(Duration.ZERO);
        assertThat(fixture.pool.asked()).isOne();
        fixture.pass(A_MOMENT);
        assertThat(granted.starts()).hasSize(1);
        fixture.process.end(0);
        assertThat(future).isCompletedWithValueMatching(ExecResult::reusedSession);
        assertThat(granted.events()).containsExactly("closed");
        assertThat(fixture.events()).containsExactly(NEW, REUSED);
    }

    @Test
    void newSessionThatRefusesAfterTheLastWaitIsAFailure() {
        List<FakeLease> leases = List.of(
                fixture.willFail(true, channelRefused()),
                fixture.willFail(false, channelRefused()),
                fixture.willFail(false, channelRefused()));
        FakeLease another = fixture.willRun(false);
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.pass(A_MOMENT);
        assertThat(future).isNotDone();
        fixture.pass(A_MOMENT);
        assertThat(failureOf(future)).hasToString(channelRefused().toString());
        assertThat(leases.get(0).events()).containsExactly("channel refused", "closed");
        assertThat(leases.get(1).events()).containsExactly("channel refused", "closed");
        assertThat(leases.get(2).events()).containsExactly("channel refused", "retired FAILED", "closed");
        assertThat(another.starts()).isEmpty();
        assertThat(fixture.timer.pending()).isZero();
    }

    @Test
    void reusedSessionsThatRefuseAfterTheLastWaitAreReplacedAtOnce() {
        fixture.willFail(true, channelRefused());
        fixture.willFail(true, channelRefused());
        FakeLease third = fixture.willFail(true, channelRefused());
        FakeLease fourth = fixture.willFail(true, channelRefused());
        FakeLease fresh = fixture.willRun(false);
        fixture.run();
        fixture.pass(A_MOMENT);
        fixture.pass(A_MOMENT);
        assertThat(third.events()).containsExactly("channel refused", "retired FAILED", "closed");
        assertThat(fourth.events()).containsExactly("channel refused", "retired FAILED", "closed");
        assertThat(fresh.starts()).hasSize(1);
        assertThat(fixture.events()).containsExactly(REUSED, REUSED, REUSED, RETRY_REFUSED, REUSED, RETRY_REFUSED, NEW);
    }

    @Test
    void staleSessionsBetweenRefusalsAreNotCountedAsSuch() {
        fixture.willFail(false, channelRefused());
        fixture.willFail(true, lost(Stage.CHANNEL));
        fixture.willFail(false, channelRefused());
        fixture.willFail(true, lost(Stage.CHANNEL));
        FakeLease last = fixture.willRun(false);
        fixture.run();
        fixture.pass(A_MOMENT);
        fixture.pass(A_MOMENT);
        assertThat(last.starts()).hasSize(1);
    }

    @Test
    void failureToGetALeaseIsPassedOn() {
        PoolTimeout failure = new PoolTimeout(WEB1, Duration.ofSeconds(1), 1, 1);
        fixture.pool.willWait().completeExceptionally(failure);
        assertThat(failureOf(fixture.run())).isSameAs(failure);
        assertThat(fixture.events()).isEmpty();
    }

    static Stream<Throwable> defects() {
        return Stream.of(new IllegalStateException("defect"), new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("defects")
    void defectOfTheTransportFailsTheCommandAndEndsTheSession(Throwable defect) {
        FakeLease lease = fixture.pool.willLend(true, start -> sneakyThrow(defect));
        assertThat(failureOf(fixture.run())).isSameAs(defect);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThat(fixture.pool.asked()).isOne();
    }

    /** For instance a build log whose class cannot be loaded any more. */
    @Test
    void observerThatFailsBeforeTheCommandGivesTheLeaseBack() {
        StackOverflowError failure = new StackOverflowError();
        fixture.failOn(NEW, failure);
        FakeLease lease = fixture.willRun(false);
        assertThat(failureOf(fixture.run())).isSameAs(failure);
        assertThat(lease.starts()).isEmpty();
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
    }

    @Test
    void observerThatFailsBetweenTwoTriesGivesTheLeaseBack() {
        StackOverflowError failure = new StackOverflowError();
        fixture.failOn(RETRY_LOST, failure);
        FakeLease lease = fixture.willFail(true, lost(Stage.CHANNEL));
        assertThat(failureOf(fixture.run())).isSameAs(failure);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThat(fixture.pool.asked()).isOne();
    }

    private void assertFailsWithoutRetry(FakeLease lease, SshException failure) {
        FakeLease another = fixture.willRun(false);
        assertThat(failureOf(fixture.run())).hasToString(failure.toString());
        assertThat(lease.starts()).hasSize(1);
        assertThat(lease.events()).containsExactly("retired FAILED", "closed");
        assertThat(another.starts()).isEmpty();
        assertThat(fixture.events()).hasSize(1);
    }

    @SuppressWarnings("unchecked")
    private static <R, T extends Throwable> R sneakyThrow(Throwable failure) throws T {
        throw (T) failure;
    }
}
