package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.pool.HandshakeGate.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeGateTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final SessionKey KEY = spec("web1").key();
    private static final SessionKey OTHER_KEY = spec("web1", "other", "secret").key();
    private static final SshException DOWN = new SshException.ConnectFailed(WEB1, Stage.TCP, "refused", null);

    private final HandshakeGate gate = new HandshakeGate();

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
                new SshException.LoginRefused(WEB1, "deploy", "password", null),
                new SshException.UnusableKey(WEB1, "wrong passphrase", null),
                new SshException.HostKeyRefused(
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
        gate.leave(gate.enter(KEY), new SshException.LoginRefused(WEB1, "deploy", "password", null));

        List<Turn> turns = enter(KEY, 2);

        assertThat(turns.get(1)).matches(turn -> !started(turn));
    }

    @Test
    void aForgottenKeyIsUntriedAgain() {
        prove(KEY);
        prove(OTHER_KEY);

        gate.forgetAllBut(Set.of(OTHER_KEY));

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
}
