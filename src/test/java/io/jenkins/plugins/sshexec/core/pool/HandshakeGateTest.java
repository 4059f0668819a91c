package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.pool.HandshakeGate.Turn;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeGateTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final SessionKey KEY = spec("web1").key();
    private static final SessionKey OTHER_KEY = spec("web1", "other", "secret").key();
    private static final SshException DOWN = new ConnectFailed(WEB1, Stage.TCP, "refused", null);

    private static final SshException FULL = ConnectFailed.dropped(WEB1, Stage.BANNER, "closed", null);
    private static final SshException RESTARTING =
            new ConnectFailed(WEB1, Stage.TCP, "Connection refused", new ConnectException());
    private static final SshException CUT_LOGIN = ConnectFailed.dropped(WEB1, Stage.LOGIN, "closed", null);

    private final ManualClock clock = new ManualClock();

    /** Each pause is as long as it can be: 250 ms, then twice as long each time. */
    private final HandshakeGate gate = new HandshakeGate(clock, new BackOff(new Highest()));

    private static boolean started(Turn turn) {
        return turn.start.isDone() && !turn.start.isCompletedExceptionally();
    }

    private List<Turn> enter(SessionKey key, int turns) {
        return new ArrayList<>(
                IntStream.range(0, turns).mapToObj(i -> gate.enter(key)).toList());
    }

    private void prove(SessionKey key) {
        gate.leave(gate.enter(key), null);
    }

    @Test
    void aProvenKeyHasEightTurnsAndTheNextInItsOrder() {
        prove(KEY);
        List<Turn> turns = enter(KEY, 10);
        assertThat(turns.subList(0, 8)).allMatch(HandshakeGateTest::started);
        assertThat(turns.subList(8, 10)).noneMatch(HandshakeGateTest::started);

        gate.leave(turns.get(3), DOWN);

        assertThat(turns.get(8)).matches(HandshakeGateTest::started);
        assertThat(turns.get(9)).matches(turn -> !started(turn));
    }

    @Test
    void theLimitCountsAllKeysOfAHostAndNoOtherHost() {
        prove(KEY);
        enter(KEY, 8);

        assertThat(gate.enter(OTHER_KEY)).matches(turn -> !started(turn));
        assertThat(gate.enter(spec("web2").key())).matches(HandshakeGateTest::started);
    }

    @Test
    void anUntriedKeyHoldsUpNoOtherKey() {
        List<Turn> turns = enter(KEY, 2);

        assertThat(turns.get(1)).matches(turn -> !started(turn));
        assertThat(gate.enter(OTHER_KEY)).matches(HandshakeGateTest::started);
    }

    static Stream<SshException> refusals() {
        return Stream.of(
                new LoginRefused(WEB1, "deploy", "password", null),
                new UnusableKey(WEB1, "wrong passphrase", null),
                new HostKeyRefused(
                        WEB1,
                        new HostKey("ssh-ed25519", new byte[0]),
                        new HostKeyVerdict.Refused(HostKeyVerdict.Cause.UNKNOWN, "Add it.")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalEndsThoseThatWaitForTheSameKeyAndOnlyThem(SshException refusal) {
        List<Turn> turns = enter(KEY, 3);
        List<Turn> others = enter(OTHER_KEY, 2);

        gate.leave(turns.get(0), refusal);

        assertThat(turns.subList(1, 3)).allSatisfy(turn -> assertThat(
                        turn.start.handle((start, failure) -> failure).join())
                .isSameAs(refusal));
        assertThat(others.get(1).start).isNotDone();
        turns.subList(1, 3).forEach(turn -> gate.leave(turn, refusal));
        assertThat(gate.enter(KEY))
                .as("the next one may try, its secret may be new")
                .matches(HandshakeGateTest::started);
    }

    @Test
    void aProvenKeyThatIsRefusedIsUntriedAgain() {
        prove(KEY);
        gate.leave(gate.enter(KEY), new LoginRefused(WEB1, "deploy", "password", null));

        List<Turn> turns = enter(KEY, 2);

        assertThat(turns.get(1)).matches(turn -> !started(turn));
    }

    @Test
    void aForgottenKeyIsUntriedAgain() {
        prove(KEY);
        prove(OTHER_KEY);

        gate.tidy(Set.of(OTHER_KEY));

        assertThat(enter(KEY, 2).get(1)).matches(turn -> !started(turn));
        assertThat(enter(OTHER_KEY, 2).get(1)).matches(HandshakeGateTest::started);
    }

    @Test
    void whoLeavesTheLineIsNotStarted() {
        List<Turn> turns = enter(KEY, 3);

        gate.leave(turns.get(1), DOWN);
        gate.leave(turns.get(0), null);

        assertThat(turns.get(1).start).isNotDone();
        assertThat(turns.get(2)).matches(HandshakeGateTest::started);
    }

    /** The turn in the place of one that the host has turned away. */
    private Turn turnAway(Turn turn) {
        Turn again = gate.again(turn, FULL).orElseThrow();
        assertThat(again).matches(waiting -> !started(waiting));
        return again;
    }

    private void passPause(Turn turn) {
        clock.advance(turn.pause);
        gate.resume(turn);
    }

    @Test
    void aTurnThatIsTurnedAwayStartsAgainAfterAPauseThatDoubles() {
        Turn turn = gate.enter(KEY);
        for (int millis : new int[] {250, 500, 1_000, 2_000, 4_000, 4_000, 4_000}) {
            turn = turnAway(turn);
            assertThat(turn.pause).isEqualTo(Duration.ofMillis(millis));
            passPause(turn);
            assertThat(turn).matches(HandshakeGateTest::started);
        }
        assertThat(turn.tries).isEqualTo(HandshakeGate.MAX_TRIES);
        assertThat(gate.again(turn, FULL))
                .as("no more than %s tries", HandshakeGate.MAX_TRIES)
                .isEmpty();
        assertThat(turn).matches(HandshakeGateTest::started);
    }

    @Test
    void thePauseIsForTheWholeHostAndNoOther() {
        Turn turn = turnAway(gate.enter(KEY));

        Turn other = gate.enter(OTHER_KEY);

        assertThat(other).matches(waiting -> !started(waiting));
        assertThat(gate.enter(spec("web2").key())).matches(HandshakeGateTest::started);
        passPause(turn);
        assertThat(turn).as("who came first").matches(HandshakeGateTest::started);
    }

    @Test
    void whoLeavesDuringItsPauseEndsThePauseForTheOthers() {
        Turn turn = turnAway(gate.enter(KEY));
        Turn other = gate.enter(OTHER_KEY);

        gate.leave(turn, new CancellationException());

        assertThat(other).matches(HandshakeGateTest::started);
    }

    @Test
    void aHostThatTurnsAwayGetsHalfAsManyAtOnceAndOneMoreAfterEachRound() {
        prove(KEY);
        List<Turn> turns = enter(KEY, 8);
        List<Turn> again = turns.subList(2, 8).stream().map(this::turnAway).toList();
        turns.subList(0, 2).forEach(turn -> gate.leave(turn, null));
        assertThat(again).as("refusals of one wave are one").allSatisfy(turn -> assertThat(turn.pause)
                .isEqualTo(BackOff.FIRST));

        clock.advance(BackOff.FIRST);
        again.forEach(gate::resume);

        assertThat(again.stream().filter(HandshakeGateTest::started)).hasSize(4);
        again.stream().filter(HandshakeGateTest::started).toList().forEach(turn -> gate.leave(turn, null));
        assertThat(again).as("the rest").allMatch(HandshakeGateTest::started);
        again.forEach(turn -> gate.leave(turn, null));
        assertThat(enter(KEY, 8).stream().filter(HandshakeGateTest::started))
                .as("after 8 logins: a round of 4, and a part of one of 5")
                .hasSize(5);
    }

    @Test
    void oneTurnIsAlwaysAllowed() {
        Turn turn = gate.enter(KEY);
        for (int i = 0; i < 3; i++) {
            turn = turnAway(turn);
            passPause(turn);
            assertThat(turn).matches(HandshakeGateTest::started);
        }
    }

    static Stream<SshException> finalFailures() {
        return Stream.concat(
                refusals(),
                Stream.of(
                        new ConnectFailed(WEB1, Stage.NAME_LOOKUP, "unknown", null),
                        new ConnectFailed(WEB1, Stage.TCP, "no route", new NoRouteToHostException()),
                        new ConnectFailed(WEB1, Stage.BANNER, "no SSH server", null),
                        new ConnectFailed(WEB1, Stage.KEY_EXCHANGE, "no common cipher", null),
                        new ConnectTimeout(WEB1, Stage.TCP, Duration.ofSeconds(30), null)));
    }

    /** Above all: a login that was refused is never tried again. */
    @ParameterizedTest
    @MethodSource("finalFailures")
    void whatIsNoRefusalForWantOfRoomIsNotTriedAgain(SshException failure) {
        prove(KEY);

        assertThat(gate.again(gate.enter(KEY), failure)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BANNER", "KEY_EXCHANGE", "HOST_KEY"})
    void whatIsDroppedBeforeTheLoginIsTriedAgain(Stage stage) {
        assertThat(gate.again(gate.enter(KEY), ConnectFailed.dropped(WEB1, stage, "closed", null)))
                .isPresent();
    }

    /** The turn after one that ended so, when its pause is over. */
    private Turn startedAgain(Turn turn, SshException failure) {
        Turn again = gate.again(turn, failure).orElseThrow();
        passPause(again);
        assertThat(again).matches(HandshakeGateTest::started);
        return again;
    }

    /** What comes before or between does not count: that was no login. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLoginThatIsCutIsTriedTwiceMore(boolean workedBefore) {
        if (workedBefore) {
            prove(KEY);
        }
        Turn turn = startedAgain(gate.enter(KEY), FULL);
        turn = startedAgain(turn, CUT_LOGIN);
        turn = startedAgain(turn, FULL);
        turn = startedAgain(turn, CUT_LOGIN);

        assertThat(gate.again(turn, CUT_LOGIN)).isEmpty();
    }

    @Test
    void thoseWhoWaitForALoginThatIsCutAgainAndAgainFailWithIt() {
        List<Turn> turns = enter(KEY, 3);
        Turn turn = startedAgain(startedAgain(turns.get(0), CUT_LOGIN), CUT_LOGIN);
        assertThat(gate.again(turn, CUT_LOGIN)).isEmpty();
        Turn other = gate.enter(OTHER_KEY);

        gate.leave(turn, CUT_LOGIN);

        assertThat(turns.subList(1, 3)).allSatisfy(waiting -> assertThat(
                        waiting.start.handle((start, failure) -> failure).join())
                .isSameAs(CUT_LOGIN));
        assertThat(other).matches(HandshakeGateTest::started);
    }

    @Test
    void aLoginThatIsCutIsTriedOnceAtATimeUntilItWorksAgain() {
        prove(KEY);
        List<Turn> turns = enter(KEY, HandshakeGate.MAX_PER_HOST);
        Turn again = gate.again(turns.get(0), CUT_LOGIN).orElseThrow();
        turns.stream().skip(1).forEach(turn -> gate.leave(turn, new CancellationException()));
        passPause(again);
        Turn behind = gate.enter(KEY);
        assertThat(behind).matches(waiting -> !started(waiting));
        assertThat(gate.enter(OTHER_KEY)).as("room for more").matches(HandshakeGateTest::started);

        gate.leave(again, null);

        assertThat(behind).matches(HandshakeGateTest::started);
        assertThat(gate.enter(KEY)).matches(HandshakeGateTest::started);
    }

    @Test
    void aRefusedTcpConnectionIsTriedAgainWhereTheKeyHasLoggedInBefore() {
        assertThat(gate.again(gate.enter(OTHER_KEY), RESTARTING)).isEmpty();

        prove(KEY);

        assertThat(gate.again(gate.enter(KEY), RESTARTING)).isPresent();
    }

    @Test
    void aRefusedTcpConnectionIsTriedAgainWhereTheHostWasThereAMomentAgo() {
        Turn turn = startedAgain(startedAgain(gate.enter(KEY), CUT_LOGIN), RESTARTING);

        assertThat(gate.again(turn, RESTARTING)).isPresent();
    }

    private void openCircuit() {
        for (int i = 0; i < HostCircuit.FAILURES_TO_OPEN; i++) {
            gate.leave(gate.enter(KEY), DOWN);
        }
    }

    private static HostUnavailable unavailable(Turn turn) {
        return (HostUnavailable) turn.start.handle((start, failure) -> failure).join();
    }

    @Test
    void toAHostThatCannotBeReachedNoHandshakeIsMadeAndTheReasonIsTold() {
        openCircuit();

        assertThat(unavailable(gate.enter(OTHER_KEY)).lastFailure()).isSameAs(DOWN);
        assertThat(gate.outages()).singleElement().satisfies(outage -> {
            assertThat(outage.endpoint()).isEqualTo(WEB1);
            assertThat(outage.open()).isTrue();
            assertThat(outage.nextTryIn()).isEqualTo(HostCircuit.FIRST_REST);
        });
        assertThat(gate.enter(spec("web2").key())).matches(HandshakeGateTest::started);
    }

    @Test
    void thoseWhoWaitForTheirTurnAreToldWhenTheCircuitOpens() {
        for (int i = 1; i < HostCircuit.FAILURES_TO_OPEN; i++) {
            gate.leave(gate.enter(KEY), DOWN);
        }
        List<Turn> turns = enter(KEY, 3);

        gate.leave(turns.get(0), DOWN);

        assertThat(turns.subList(1, 3))
                .allSatisfy(turn -> assertThat(unavailable(turn).failures()).isEqualTo(HostCircuit.FAILURES_TO_OPEN));
    }

    @Test
    void afterTheRestOneIsTriedAndTheOthersShareItsFailure() {
        openCircuit();
        clock.advance(HostCircuit.FIRST_REST);

        Turn probe = gate.enter(KEY);
        Turn behind = gate.enter(OTHER_KEY);
        assertThat(probe).matches(HandshakeGateTest::started);
        assertThat(behind.start).isNotDone();
        gate.leave(probe, DOWN);

        assertThat(unavailable(behind).nextTryIn()).isEqualTo(HostCircuit.FIRST_REST.multipliedBy(2));
    }

    @Test
    void afterTheRestOneThatSucceedsLetsTheOthersThrough() {
        openCircuit();
        clock.advance(HostCircuit.FIRST_REST);

        Turn probe = gate.enter(KEY);
        List<Turn> behind = enter(OTHER_KEY, 2);
        gate.leave(probe, null);

        assertThat(behind.get(0)).matches(HandshakeGateTest::started);
        assertThat(gate.outages()).isEmpty();
    }

    @Test
    void aProbeThatIsCancelledHandsItsPartOn() {
        openCircuit();
        clock.advance(HostCircuit.FIRST_REST);
        Turn probe = gate.enter(KEY);
        Turn behind = gate.enter(OTHER_KEY);

        gate.leave(probe, new CancellationException());

        assertThat(behind).matches(HandshakeGateTest::started);
    }

    @Test
    void hostsAreForgottenInTheEnd() {
        openCircuit();
        clock.advance(HostCircuit.MEMORY.plusNanos(1));

        gate.tidy(Set.of());

        assertThat(gate.outages()).isEmpty();
        assertThat(enter(KEY, 1).get(0)).matches(HandshakeGateTest::started);
    }

    /** Always the greatest number that was asked for. */
    private static final class Highest implements RandomGenerator {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long origin, long bound) {
            return bound - 1;
        }
    }
}
