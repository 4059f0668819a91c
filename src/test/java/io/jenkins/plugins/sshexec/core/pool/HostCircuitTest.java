package io.jenkins.plugins.sshexec.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.AlgorithmKind;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.NegotiationFailed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.pool.HostCircuit.State;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row is a story: what happens, and the state after each of its words. */
class HostCircuitTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final SshException REFUSED = new ConnectFailed(WEB1, Stage.TCP, "refused", null);

    /** How a connect may end, by the words of the stories; null where it succeeded. */
    private static Throwable outcome(String word) {
        return switch (word) {
            case "ok" -> null;
            case "refused" -> REFUSED;
            case "dropped" -> ConnectFailed.dropped(WEB1, Stage.BANNER, "closed", null);
            case "timeout" -> new ConnectTimeout(WEB1, Stage.TCP, LIMIT, null);
            case "waited" -> new ConnectTimeout(WEB1, Stage.WAITING, LIMIT, null);
            case "login" -> new LoginRefused(WEB1, "deploy", "password", null);
            case "passphrase" -> new UnusableKey(WEB1, "wrong passphrase", null);
            case "hostkey" ->
                new HostKeyRefused(
                        WEB1,
                        new HostKey("ssh-ed25519", new byte[0]),
                        new HostKeyVerdict.Refused(HostKeyVerdict.Cause.UNKNOWN, "Add it."));
            case "algorithms" ->
                new NegotiationFailed(WEB1, AlgorithmKind.MAC, "hmac-md5", "hmac-sha2-256", false, null);
            case "cancelled" -> new CancellationException();
            case "bug" -> new IllegalStateException("a bug");
            default -> throw new IllegalArgumentException(word);
        };
    }

    private final ManualClock clock = new ManualClock();
    private final HostCircuit circuit = new HostCircuit(clock);

    /** A word is an outcome, or seconds that pass. */
    private void happens(String word) {
        if (word.matches("\\d+s")) {
            clock.advance(Duration.ofSeconds(Long.parseLong(word.replace("s", ""))));
        } else {
            circuit.ended(outcome(word));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "four failures are not enough, refused timeout dropped refused, CLOSED",
        "the fifth opens, refused refused refused refused refused, OPEN",
        "kinds do not matter, refused timeout dropped timeout refused, OPEN",
        "a success in between begins anew, refused refused refused refused ok refused, CLOSED",
        "a refused login shows the host, refused refused refused refused login refused, CLOSED",
        "so does a refused host key, refused refused refused refused hostkey refused, CLOSED",
        "and algorithms that are not allowed, refused refused refused refused algorithms refused, CLOSED",
        "what ends on this side says nothing, refused refused refused refused bug waited cancelled passphrase, CLOSED",
        "and hides nothing, refused refused refused refused bug waited cancelled passphrase refused, OPEN",
        "the rest is ten seconds, refused refused refused refused refused 9s, OPEN",
        "after it one is tried, refused refused refused refused refused 10s, HALF_OPEN",
        "one that succeeds closes, refused refused refused refused refused 10s ok, CLOSED",
        "one that logs in wrongly closes too, refused refused refused refused refused 10s login, CLOSED",
        "one that fails opens again, refused refused refused refused refused 10s refused, OPEN",
        "for twice as long, refused refused refused refused refused 10s refused 19s, OPEN",
        "and no longer, refused refused refused refused refused 10s refused 20s, HALF_OPEN",
        "two minutes at most, refused refused refused refused refused 10s refused 20s refused 40s refused 80s refused"
                + " 119s, OPEN",
        "no longer than that, refused refused refused refused refused 10s refused 20s refused 40s refused 80s refused"
                + " 120s, HALF_OPEN",
        "stragglers do not prolong the rest, refused refused refused refused refused 9s refused refused 1s, HALF_OPEN",
        "a straggler that gets through closes, refused refused refused refused refused ok, CLOSED",
        "after a success the rest is short again, refused refused refused refused refused 10s refused 20s ok refused"
                + " refused refused refused refused 10s, HALF_OPEN",
        "a cancelled probe leaves it half open, refused refused refused refused refused 10s cancelled, HALF_OPEN",
        "failures of long ago do not count, refused refused refused refused 601s refused, CLOSED"
    })
    void theStateFollowsTheOutcomes(String name, String story, State expected) {
        for (String word : story.split(" ")) {
            happens(word);
        }

        assertThat(circuit.state()).as(name).isEqualTo(expected);
    }

    @Test
    void callersAndTheSnapshotAreToldWhyAndHowLong() {
        for (int i = 0; i < HostCircuit.FAILURES_TO_OPEN; i++) {
            happens("refused");
        }
        happens("4s");

        assertThat(circuit.unavailable(WEB1)).satisfies(told -> {
            assertThat(told.failures()).isEqualTo(HostCircuit.FAILURES_TO_OPEN);
            assertThat(told.lastFailure()).isSameAs(REFUSED);
            assertThat(told.nextTryIn()).isEqualTo(Duration.ofSeconds(6));
        });
        assertThat(circuit.outage(WEB1))
                .contains(new PoolSnapshot.Outage(
                        WEB1, HostCircuit.FAILURES_TO_OPEN, REFUSED, true, Duration.ofSeconds(6)));
    }

    @Test
    void aHostThatIsReachedHasNoOutage() {
        happens("refused");
        assertThat(circuit.outage(WEB1))
                .hasValueSatisfying(outage -> assertThat(outage.open()).isFalse());

        happens("ok");

        assertThat(circuit.outage(WEB1)).isEmpty();
        assertThat(circuit.forgets()).isTrue();
    }
}
