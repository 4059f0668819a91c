package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.JSchException;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Format;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrivateKeyBlockTest {

    @ParameterizedTest
    @EnumSource(Format.class)
    void theBlockIsTakenOutOfWhatIsAroundIt(Format format) throws Exception {
        for (Type type : new Type[] {Type.RSA, Type.ECDSA}) {
            for (String passphrase : new String[] {"", "pass-phrase"}) {
                String key = TestKey.generate(type, format, passphrase).privateText();
                assertThat(block("a comment\n" + key + "and more\n")).isEqualTo(key.strip());
                assertThat(block(key.replace("\n", "\r\n")))
                        .isEqualTo(key.strip().replace("\n", "\r\n"));
            }
        }
    }

    @Test
    void anOpenSshKeyWithAHugeNumberOfRoundsIsNotOpened() {
        String key =
                TestKey.generate(Type.ED25519, Format.OPENSSH, "pass-phrase").privateText();
        // magic, "aes256-ctr", "bcrypt", the options' length, the salt's length, 16 bytes of salt
        int at = 15 + 4 + 10 + 4 + 6 + 4 + 4 + 16;
        assertThatThrownBy(() -> block(changed(key, at, 0x7fff_ffff)))
                .isInstanceOf(JSchException.class)
                .hasMessage("is encrypted with more rounds than the 1024 that are allowed: give it fewer by ssh-keygen"
                        + " -p -a");
    }

    @Test
    void aPkcs8KeyWithAHugeNumberOfIterationsIsNotOpened() {
        String key = TestKey.generate(Type.RSA, Format.PKCS8, "pass-phrase").privateText();
        byte[] der = decoded(key);
        int at = -1;
        for (int i = 0; i < 100 && at < 0; i++) {
            // INTEGER 2048, the iterations that ssh-keygen asks openssl for
            at = der[i] == 2 && der[i + 1] == 2 && der[i + 2] == 8 && der[i + 3] == 0 ? i : -1;
        }
        assertThat(at).isPositive();
        // Four bytes of content take two from what follows; the lengths are looked at first, so mend those around.
        byte[] longer = new byte[der.length + 2];
        System.arraycopy(der, 0, longer, 0, at);
        ByteBuffer.wrap(longer, at, 6).put((byte) 2).put((byte) 4).putInt(0x7fff_ffff);
        System.arraycopy(der, at + 4, longer, at + 6, der.length - at - 4);
        for (int i = 0; i < at; i++) {
            if (longer[i] == 0x30 && longer[i + 1] == (byte) 0x82) {
                ByteBuffer.wrap(longer)
                        .putShort(i + 2, (short) (ByteBuffer.wrap(longer).getShort(i + 2) + 2));
                i += 3;
            } else if (longer[i] == 0x30 && longer[i + 1] > 0 && i + 2 + longer[i + 1] >= at) {
                longer[i + 1] += 2;
                i++;
            }
        }
        assertThatThrownBy(() -> block(armoured(key, longer)))
                .isInstanceOf(JSchException.class)
                .hasMessageStartingWith("is encrypted with more than the 4000000 iterations");
    }

    /** What JSch 2.28.8 asks the heap for before it looks how much there is. */
    @Test
    void lengthsBeyondTheKeyAreNotBelieved() {
        String key = TestKey.generate(Type.RSA, Format.PEM, "").privateText();
        assertThat(decoded(key)[0]).isEqualTo((byte) 0x30);
        // SEQUENCE, its length, INTEGER 0, then the modulus: 02 82 ll ll
        assertThatThrownBy(() -> block(changed(key, 7, 0x0284_7fff)))
                .isInstanceOf(JSchException.class)
                .hasMessage("is no private key in OpenSSH, PEM or PKCS#8 format");
    }

    @Test
    void lengthsInThePublicPartOfAnOpenSshKeyAreNotBelieved() {
        String key = TestKey.generate(Type.RSA, Format.OPENSSH, "").privateText();
        // magic, cipher and KDF "none", no options, one key, the public part's length, "ssh-rsa"; then the exponent's
        // length
        int at = 15 + 4 + 4 + 4 + 4 + 4 + 4 + 4 + 4 + 7;
        assertThatThrownBy(() -> block(changed(key, at, 0x7fff_fff0)))
                .isInstanceOf(JSchException.class)
                .hasMessage("is no private key in OpenSSH, PEM or PKCS#8 format");
    }

    private static String block(String text) throws JSchException {
        return new String(PrivateKeyBlock.of(text.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    private static String changed(String key, int at, int value) {
        byte[] bytes = decoded(key);
        ByteBuffer.wrap(bytes).putInt(at, value);
        return armoured(key, bytes);
    }

    private static byte[] decoded(String key) {
        return Base64.getMimeDecoder().decode(key.replaceAll("-----[^-]+-----", ""));
    }

    private static String armoured(String key, byte[] bytes) {
        String[] lines = key.strip().split("\n");
        return lines[0] + "\n" + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(bytes) + "\n"
                + lines[lines.length - 1] + "\n";
    }
}
