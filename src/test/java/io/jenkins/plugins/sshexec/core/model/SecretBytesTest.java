package io.jenkins.plugins.sshexec.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretBytesTest {

    @Test
    void copiesAreIndependent() {
        SecretBytes secret = SecretBytes.of("pässword");
        secret.copy()[0] = 'X';
        assertThat(secret.copy()).isEqualTo("pässword".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void wipedSecretCannotBeUsedAndCopiesSurvive() {
        SecretBytes secret = SecretBytes.of("password");
        byte[] copy = secret.copy();
        secret.wipe();
        secret.wipe();
        assertThatIllegalStateException().isThrownBy(secret::copy);
        assertThat(copy).isEqualTo("password".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void loginWipesAllOfItsSecrets() {
        PrivateKey one = new PrivateKey(SecretBytes.of("a"), SecretBytes.of("b"));
        PrivateKey two = new PrivateKey(SecretBytes.of("c"), SecretBytes.of("d"));
        new KeyLogin("me", List.of(one, two)).wipe();
        assertThat(List.of(one.text(), one.passphrase(), two.text(), two.passphrase()))
                .allSatisfy(secret -> assertThatIllegalStateException().isThrownBy(secret::copy));
    }

    @Test
    void tellsNothing() {
        assertThat(SecretBytes.of("password")).hasToString("SecretBytes[****]");
    }
}
