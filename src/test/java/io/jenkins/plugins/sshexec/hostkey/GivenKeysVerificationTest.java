package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.hostkey.HostKeys.host;
import static io.jenkins.plugins.sshexec.hostkey.HostKeys.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import org.junit.jupiter.api.Test;

class GivenKeysVerificationTest {

    private static final HostKey KEY = HostKeys.ed25519(1);
    private static final HostKey OTHER_KEY = HostKeys.ed25519(2);

    @Test
    void onlyKeysThatAreGivenAreAccepted() {
        HostKeyPolicy policy = policy("# web\n" + line("web1", KEY) + "\n@revoked * "
                + line("", OTHER_KEY).strip());
        assertThat(policy.check(host("web1"), KEY)).isEqualTo(new Accepted());
        assertThat(refused(policy, "web2", KEY, Cause.UNKNOWN))
                .contains("add this line to the keys given in the configuration: " + line("web2", KEY));
        refused(policy, "web1", OTHER_KEY, Cause.REVOKED);
        assertThat(policy.knownKeyTypes(host("web1"))).containsExactly("ssh-ed25519");
    }

    @Test
    void changedKeyIsRefusedWithBothFingerprintsAndTheLine() {
        HostKeyPolicy policy = policy("\n\n" + line("web1", KEY));
        assertThat(refused(policy, "web1", OTHER_KEY, Cause.CHANGED))
                .contains(KEY.fingerprint(), "line 3 of the given keys");
    }

    @Test
    void withoutKeysEveryHostIsRefused() {
        refused(new GivenKeysVerification().policy("a test"), "web1", KEY, Cause.UNKNOWN);
    }

    @Test
    void linesThatAreNoneAreRefusedByTheirNumbers() {
        GivenKeysVerification verification = new GivenKeysVerification();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verification.setKeys(
                        "\r\n# keys\r\nweb1 ssh-ed25519 AAAA\r\n" + line("web2", KEY) + "\r\n@revoked web1\r\n"))
                .withMessageContaining("3, 5");
        assertThat(verification.getKeys()).isEmpty();
    }

    @Test
    void lineEndsOfTheBrowserDoNotMatter() {
        GivenKeysVerification verification = new GivenKeysVerification();
        verification.setKeys(line("web1", KEY) + "\r\n" + line("web2", KEY) + "\r\n");
        assertThat(verification.getKeys()).isEqualTo(line("web1", KEY) + "\n" + line("web2", KEY));
    }

    @Test
    void idTellsDifferentKeysApart() {
        assertThat(policy(line("web1", KEY)).id())
                .isEqualTo(policy(line("web1", KEY) + "\n").id())
                .isNotEqualTo(policy(line("web1", OTHER_KEY)).id());
    }

    private static HostKeyPolicy policy(String keys) {
        GivenKeysVerification verification = new GivenKeysVerification();
        verification.setKeys(keys);
        return verification.policy("a test");
    }

    private static String refused(HostKeyPolicy policy, String name, HostKey key, Cause cause) {
        Refused refused = (Refused) policy.check(host(name), key);
        assertThat(refused.cause()).isEqualTo(cause);
        return refused.advice();
    }
}
