package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.JSch;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.UnfitCharacters;
import io.jenkins.plugins.sshexec.testing.Fuzz;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Format;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever stands where a private key should be, it is a key, or one sentence says that it is none, without showing it. */
@Timeout(600)
class PrivateKeyFuzzTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);

    private static List<TestKey> keys() {
        List<TestKey> keys = new ArrayList<>();
        for (Format format : Format.values()) {
            keys.add(TestKey.generate(Type.RSA, format, ""));
            keys.add(TestKey.generate(Type.ECDSA, format, ""));
        }
        keys.add(TestKey.generate(Type.ED25519));
        keys.add(TestKey.generate(Type.RSA, Format.PEM, "pass-phrase"));
        keys.add(TestKey.generate(Type.RSA, Format.PKCS8, "pass-phrase"));
        return keys;
    }

    @Test
    void textThatIsNearlyAKey() {
        Fuzz.texts(
                2_000,
                keys().stream().map(TestKey::privateText).toList(),
                text -> check(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The binary form within the armour, so that it is not the Base64 that fails. */
    @Test
    void armourAroundBytesThatAreNearlyAKey() {
        for (TestKey key : keys()) {
            List<String> lines = key.privateText().lines().toList();
            if (lines.get(1).contains(": ")) {
                continue; // Encrypted as a whole: any change is a change of what is deciphered.
            }
            byte[] blob = Base64.getMimeDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
            Fuzz.bytes(200, List.of(blob), bytes -> {
                String base64 = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(bytes);
                check((lines.get(0) + "\n" + base64 + "\n" + lines.get(lines.size() - 1) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            });
        }
    }

    private static void check(byte[] text) {
        SecretBytes secret = SecretBytes.of(new String(text, StandardCharsets.UTF_8));
        KeyLogin login = new KeyLogin("deploy", List.of(new PrivateKey(secret, SecretBytes.of("pass-phrase"))));
        try (JschKeyLogin keys = JschKeyLogin.of(login, WEB1, new JSch())) {
            assertThat(keys.attempt()).contains("SHA256:").hasSizeLessThan(200);
            assertThat(UnfitCharacters.replace(keys.attempt(), '?')).isEqualTo(keys.attempt());
        } catch (UnusableKey e) {
            assertThat(e.detail()).startsWith("the key ").hasSizeLessThan(400);
            assertThat(UnfitCharacters.replace(e.detail(), '?')).isEqualTo(e.detail());
            assertNoLineOf(new String(text, StandardCharsets.UTF_8), e.detail());
        }
    }

    private static void assertNoLineOf(String text, String detail) {
        Arrays.stream(text.split("[\\r\\n]+"))
                .filter(line -> line.length() > 20 && !line.startsWith("-----"))
                .forEach(line -> assertThat(detail).doesNotContain(line));
    }
}
