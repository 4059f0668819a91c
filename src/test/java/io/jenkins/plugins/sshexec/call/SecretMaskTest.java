package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SecretMaskTest {

    @ParameterizedTest
    @CsvSource({
        "it is pass-word!, it is ****!",
        "pass-word, ****",
        "pass-wordpass-word, ********",
        "pass-wor, pass-wor",
        "ass-word, ass-word",
        "pass-wopass-word, pass-wo****",
        "'', ''"
    })
    void asterisksStandForAPassword(String text, String masked) {
        assertThat(SecretMasks.of("pass-word").apply(text, UTF_8)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({"ab, xaby, x****y", "a, aaa, aaa", "'  ', 'a  b', 'a  b'", "ö, schön, sch****n"})
    void shortPasswordsAreMaskedUnlessTheyAreOneCharacterOrBlank(String password, String text, String masked) {
        assertThat(SecretMasks.of(password).apply(text, UTF_8)).isEqualTo(masked);
    }

    @Test
    void ofSecretsThatBeginAlikeTheLongestIsMasked() {
        SecretMask mask = SecretMasks.ofAll("secret", "secret-of-mine", "secret-of");
        assertThat(mask.apply("secret-of-mine secret-of secret secret-off", UTF_8))
                .isEqualTo("**** **** **** ****f");
    }

    @Test
    void eachLineOfAPasswordIsMasked() {
        assertThat(SecretMasks.of("first line\r\nsecond line\n").apply("> second line / first line", UTF_8))
                .isEqualTo("> **** / ****");
    }

    @Test
    void aPasswordIsMaskedAsTheShellTracesIt() {
        assertThat(SecretMasks.of("it's").apply("+ login 'it'\\''s' it's", UTF_8))
                .isEqualTo("+ login '****' ****");
    }

    @Test
    void aUserNameIsMaskedWhereItIsASecret() {
        SecretBytes password = SecretBytes.of("pass-word");
        assertThat(SecretMask.of(List.of(new PasswordLogin("deploy", true, password)), UTF_8)
                        .apply("deploy", UTF_8))
                .isEqualTo("****");
        assertThat(SecretMask.of(List.of(new PasswordLogin("deploy", false, password)), UTF_8)
                        .apply("deploy", UTF_8))
                .isEqualTo("deploy");
    }

    @ParameterizedTest
    @EnumSource(TestKey.Format.class)
    void eachLongLineOfAKeyIsMaskedAndItsPassphraseToo(TestKey.Format format) {
        TestKey key = TestKey.generate(TestKey.Type.RSA, format, "pass-phrase");
        SecretMask mask = SecretMask.of(List.of(new KeyLogin("deploy", List.of(key.toPrivateKey()))), UTF_8);
        List<String> lines = mask.apply("  " + key.privateText().replace("\n", "\r\n  "), UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.contains("----") && !line.contains(": "))
                .toList();
        assertThat(lines).hasSizeGreaterThan(20);
        // The last may be shorter than what is looked for.
        assertThat(lines.subList(0, lines.size() - 1)).containsOnly("****");
        assertThat(mask.apply("pass-phrase", UTF_8)).isEqualTo("****");
        assertThat(mask.apply("-----BEGIN OPENSSH PRIVATE KEY-----", UTF_8)).doesNotContain("****");
    }

    @Test
    void aSecretIsFoundInTheCharsetOfTheLog() {
        SecretMask mask = SecretMask.of(List.of(new PasswordLogin("deploy", SecretBytes.of("pässwörd"))), ISO_8859_1);
        assertThat(mask.apply("a pässwörd", ISO_8859_1)).isEqualTo("a ****");
    }

    @Test
    void aLoginWithoutSecretsMasksNothing() {
        PrivateKey key = new PrivateKey(SecretBytes.of(""), SecretBytes.of(""));
        SecretMask mask = SecretMask.of(List.of(new KeyLogin("deploy", List.of(key))), UTF_8);
        assertThat(mask.apply("deploy ".repeat(20), UTF_8)).isEqualTo("deploy ".repeat(20));
    }

    @Test
    void itsTextTellsNothing() {
        assertThat(SecretMasks.of("pass-word").toString()).doesNotContain("pass-word");
    }
}
