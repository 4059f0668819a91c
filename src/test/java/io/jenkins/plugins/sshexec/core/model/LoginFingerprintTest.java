package io.jenkins.plugins.sshexec.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginFingerprintTest {

    private final LoginFingerprint.Maker maker = new LoginFingerprint.Maker();

    @Test
    void equalForEqualLogins() {
        assertThat(maker.of(password("me", "secret")))
                .isEqualTo(maker.of(password("me", "secret")))
                .hasSameHashCodeAs(maker.of(password("me", "secret")));
        assertThat(maker.of(keys("me", "text", "phrase"))).isEqualTo(maker.of(keys("me", "text", "phrase")));
    }

    @Test
    void differentForEachPart() {
        assertThat(List.of(
                        maker.of(password("me", "secret")),
                        maker.of(password("you", "secret")),
                        maker.of(password("me", "secret2")),
                        maker.of(password("mes", "ecret")),
                        maker.of(keys("me", "secret", "")),
                        maker.of(keys("me", "", "secret")),
                        maker.of(keys("me", "se", "cret")),
                        maker.of(keys("me", "secret", "", "other", "")),
                        maker.of(keys("me", "other", "", "secret", ""))))
                .doesNotHaveDuplicates();
    }

    /** So that nobody can compare or guess across JVMs. */
    @Test
    void differentForEachMaker() {
        LoginFingerprint other = new LoginFingerprint.Maker().of(password("me", "secret"));
        assertThat(maker.of(password("me", "secret"))).isNotEqualTo(other);
    }

    @Test
    void tellsNothing() {
        assertThat(maker.of(password("me", "secret"))).hasToString("LoginFingerprint[****]");
        assertThat(password("me", "secret").toString()).doesNotContain("secret");
        assertThat(keys("me", "key text", "sesame").toString()).doesNotContain("key text", "sesame");
    }

    private static Login password(String user, String password) {
        return new PasswordLogin(user, SecretBytes.of(password));
    }

    /** @param parts text and passphrase of each key */
    private static Login keys(String user, String... parts) {
        PrivateKey[] keys = new PrivateKey[parts.length / 2];
        Arrays.setAll(keys, i -> new PrivateKey(SecretBytes.of(parts[2 * i]), SecretBytes.of(parts[2 * i + 1])));
        return new KeyLogin(user, List.of(keys));
    }
}
