package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedOutputTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aSecretIsFoundWhereverTheOutputIsCut() throws IOException {
        String text = "one pass-word, pass-wo, two pass-words";
        for (int first = 0; first <= text.length(); first++) {
            for (int second = first; second <= text.length(); second++) {
                out.reset();
                try (MaskedOutput masked = new MaskedOutput(SecretMasks.of("pass-word"), out)) {
                    write(masked, text.substring(0, first));
                    write(masked, text.substring(first, second));
                    write(masked, text.substring(second));
                }
                assertThat(out.toString(UTF_8)).isEqualTo("one ****, pass-wo, two ****s");
            }
        }
    }

    @Test
    void noMoreIsHeldThanWhatMayBeTheBeginningOfASecret() throws IOException {
        MaskedOutput masked = new MaskedOutput(SecretMasks.of("pass-word"), out);
        write(masked, "a line\nanother one pass");
        assertThat(out.toString(UTF_8)).isEqualTo("a line\nanother one ");
        write(masked, "a");
        assertThat(out.toString(UTF_8)).isEqualTo("a line\nanother one passa");
        write(masked, "pass-");
        masked.close();
        assertThat(out.toString(UTF_8)).isEqualTo("a line\nanother one passapass-");
    }

    @Test
    void lineEndsAreNeverHeld() throws IOException {
        MaskedOutput masked = new MaskedOutput(SecretMasks.of("first\nsecond"), out);
        write(masked, "first\n");
        assertThat(out.toString(UTF_8)).isEqualTo("****\n");
    }

    @Test
    void nothingIsTakenAfterTheEnd() throws IOException {
        MaskedOutput masked = new MaskedOutput(SecretMasks.of("pass-word"), out);
        masked.close();
        masked.close();
        assertThatIOException().isThrownBy(() -> masked.write('x'));
    }

    /** The same text, in the same chunks or not, through the masks of a plain replacement and of this one. */
    @Test
    void randomTextIsMaskedAsByReplacingOneSecretAfterTheOther() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<String> secrets = IntStream.rangeClosed(0, random.nextInt(4))
                    .mapToObj(i -> text(random, 2 + random.nextInt(7)))
                    .toList();
            String text = text(random, random.nextInt(200));
            out.reset();
            try (MaskedOutput masked = new MaskedOutput(SecretMasks.ofAll(secrets.toArray(String[]::new)), out)) {
                for (int done = 0; done < text.length(); ) {
                    int end = Math.min(text.length(), done + 1 + random.nextInt(20));
                    write(masked, text.substring(done, end));
                    done = end;
                }
            }
            assertThat(out.toString(UTF_8))
                    .as("seed %d, round %d, secrets %s, text %s", seed, round, secrets, text)
                    .isEqualTo(replaced(text, secrets));
        }
    }

    /** From left to right, at each place the longest. */
    private static String replaced(String text, List<String> secrets) {
        StringBuilder masked = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int start = at;
            int length = secrets.stream()
                    .filter(secret -> text.startsWith(secret, start))
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            masked.append(length == 0 ? text.substring(at, at + 1) : "****");
            at += Math.max(length, 1);
        }
        return masked.toString();
    }

    /** Of two letters, so that secrets occur, in part and overlapping. */
    private static String text(Random random, int length) {
        return random.ints(length, 'a', 'c').mapToObj(Character::toString).collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "GB18030"})
    void stdoutAndStderrAreMaskedWhateverTheirEncoding(Charset charset) throws IOException {
        RecordingLog log = new RecordingLog();
        SecretMask mask = SecretMasks.of("pässwörd");
        byte[] line = "a pässwörd\n".getBytes(charset);
        try (BuildLogSink sink = new BuildLogSink(log.stream(), UTF_8, charset, Returned.ALL_OUTPUT, mask)) {
            for (byte each : line) {
                sink.stdout(new byte[] {each}, 0, 1);
                sink.stderr(new byte[] {each}, 0, 1);
            }
            assertThat(new String(log.bytes(), UTF_8)).isEqualTo("a ****\na ****\n");
            assertThat(sink.stdout()).isEqualTo("a pässwörd\n");
        }
    }

    @Test
    void bytesThatAreNoTextPassUnchangedAroundASecret() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (MaskedOutput masked = new MaskedOutput(SecretMasks.of("pass-word"), out)) {
            masked.write(all);
            write(masked, "pass-word");
            masked.write(all);
        }
        String bytes = new String(all, ISO_8859_1);
        assertThat(out.toString(ISO_8859_1)).isEqualTo(bytes + "****" + bytes);
    }

    @Test
    void aKeyThatIsPrintedInLargeOutputIsMaskedAcrossChunks() throws IOException {
        TestKey key = TestKey.generate(TestKey.Type.RSA);
        SecretMask mask = SecretMask.of(List.of(new KeyLogin("deploy", List.of(key.toPrivateKey()))), UTF_8);
        byte[] text = ("x".repeat(50) + "\n" + key.privateText()).repeat(200).getBytes(UTF_8);
        try (MaskedOutput masked = new MaskedOutput(mask, out)) {
            for (int done = 0; done < text.length; done += 1000) {
                masked.write(text, done, Math.min(1000, text.length - done));
            }
        }
        List<String> secretLines = Arrays.stream(key.privateText().split("\n"))
                .filter(line -> line.length() == 70)
                .toList();
        assertThat(secretLines).hasSizeGreaterThan(20);
        assertThat(out.toString(UTF_8)).contains("x".repeat(50)).doesNotContain(secretLines);
    }

    private static void write(MaskedOutput masked, String text) throws IOException {
        masked.write(text.getBytes(UTF_8));
    }
}
