package io.jenkins.plugins.sshexec.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a debugger, a log or an exception would show of a login. */
class LoginTextTest {

    static List<Login> logins() {
        SecretBytes secret = SecretBytes.of("pass-word");
        return List.of(
                new PasswordLogin("deploy", true, secret),
                new KeyLogin("deploy", true, List.of(new PrivateKey(secret, secret))));
    }

    @ParameterizedTest
    @MethodSource("logins")
    void hasNoSecret(Login login) {
        LoginFingerprint.Maker fingerprints = new LoginFingerprint.Maker();
        Endpoint web1 = new Endpoint("web1", 22);
        HostKeyPolicy policy = Policies.acceptAny();
        SessionSpec spec = SessionSpec.of(web1, login, policy, fingerprints);
        assertThat(List.of(
                                login,
                                login.secrets().toList(),
                                spec,
                                spec.key(),
                                spec.key().fingerprint())
                        .toString())
                .contains("****")
                .doesNotContain("deploy", "pass-word");
    }
}
