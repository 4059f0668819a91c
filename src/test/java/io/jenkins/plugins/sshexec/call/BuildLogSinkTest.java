package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildLogSinkTest {

    /** Another charset than UTF-8 with all characters. */
    private static final Charset GB18030 = Charset.forName("GB18030");

    /** One to four bytes each in UTF-8. */
    private static final String CHARACTERS = "a\u00e4\u20ac\ud83d\ude00\n";

    private static final byte[] NOT_UTF_8 = {'a', (byte) 0xff, (byte) 0xc3, 'b', '\n'};

    private final RecordingLog log = new RecordingLog();

    @ParameterizedTest
    @CsvSource({"NOTHING, err out, '', ''", "STDOUT, err, out, ''", "ALL_OUTPUT, err out, out, err"})
    void outputGoesWhereTheCallerWantsItAndStderrAlwaysToTheLog(
            Returned returned, String logged, String stdout, String stderr) throws IOException {
        BuildLogSink sink = sink(UTF_8, UTF_8, returned);
        stdout(sink, "out".getBytes(UTF_8));
        stderr(sink, "err".getBytes(UTF_8));
        sink.close();
        assertThat(log.text().lines()).containsExactlyInAnyOrder(logged.split(" "));
        assertThat(sink.stdout()).isEqualTo(stdout);
        assertThat(sink.stderr()).isEqualTo(stderr);
    }

    @Test
    void linesOfStdoutAndStderrDoNotMix() throws IOException {
        BuildLogSink sink = sink(UTF_8, UTF_8, Returned.NOTHING);
        stdout(sink, "out".getBytes(UTF_8));
        stderr(sink, "err".getBytes(UTF_8));
        stdout(sink, "put\n".getBytes(UTF_8));
        stderr(sink, "or\n".getBytes(UTF_8));
        assertThat(log.text()).isEqualTo("output\nerror\n");
    }

    @Test
    void bytesPassAsTheyAreWhereTheLogHasTheSameCharset() throws IOException {
        BuildLogSink sink = sink(UTF_8, UTF_8, Returned.ALL_OUTPUT);
        stdout(sink, NOT_UTF_8);
        sink.close();
        assertThat(log.bytes()).isEqualTo(NOT_UTF_8);
        assertThat(sink.stdout()).isEqualTo("a\ufffd\ufffdb\n");
    }

    @Test
    void invalidBytesAreReplacedWhereTheLogHasAnotherCharset() throws IOException {
        BuildLogSink sink = sink(GB18030, UTF_8, Returned.NOTHING);
        stdout(sink, NOT_UTF_8);
        sink.close();
        assertThat(new String(log.bytes(), GB18030)).isEqualTo("a\ufffd\ufffdb\n");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, ISO-8859-1", "ISO-8859-1, UTF-8", "UTF-8, GB18030", "UTF-8, US-ASCII", "UTF-8, windows-1252"})
    void outputIsTranscodedForTheLogAndDecodedForTheCaller(Charset logCharset, Charset charset) throws IOException {
        String text = new String(CHARACTERS.getBytes(charset), charset);
        BuildLogSink sink = sink(logCharset, charset, Returned.ALL_OUTPUT);
        stdout(sink, text.getBytes(charset));
        stderr(sink, text.getBytes(charset));
        sink.close();
        assertThat(log.bytes()).isEqualTo((text + text).getBytes(logCharset));
        assertThat(sink.stdout()).isEqualTo(text);
        assertThat(sink.stderr()).isEqualTo(text);
    }

    static Stream<Charset> charsets() {
        return Charset.availableCharsets().values().stream().filter(Charset::canEncode);
    }

    /** In pieces that cut characters. */
    @ParameterizedTest
    @MethodSource("charsets")
    void everyCharsetComesThroughInWhateverPieces(Charset charset) throws IOException {
        CharsetEncoder encoder = charset.newEncoder();
        StringBuilder known = new StringBuilder();
        IntStream.range(0x20, 0x3000)
                .filter(character -> encoder.canEncode((char) character))
                .forEach(known::appendCodePoint);
        byte[] bytes = known.append('\n').toString().getBytes(charset);
        Random random = new Random(1);
        BuildLogSink sink = sink(charset.equals(UTF_8) ? GB18030 : UTF_8, charset, Returned.ALL_OUTPUT);
        for (int done = 0; done < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(5), bytes.length - done);
            sink.stdout(bytes, done, length);
            done += length;
        }
        sink.close();
        String text = new String(bytes, charset);
        assertThat(sink.stdout()).isEqualTo(text);
        assertThat(new String(log.bytes(), charset.equals(UTF_8) ? GB18030 : UTF_8).stripTrailing())
                .isEqualTo(text.stripTrailing());
    }

    @Test
    void charactersThatTheLogLacksBecomeQuestionMarks() throws IOException {
        BuildLogSink sink = sink(US_ASCII, UTF_8, Returned.NOTHING);
        stdout(sink, "50 \u20ac\n".getBytes(UTF_8));
        sink.close();
        assertThat(log.text()).isEqualTo("50 ?\n");
    }

    @Test
    void charactersAcrossChunkBordersStayWhole() throws IOException {
        BuildLogSink sink = sink(GB18030, UTF_8, Returned.ALL_OUTPUT);
        for (byte b : CHARACTERS.getBytes(UTF_8)) {
            stdout(sink, new byte[] {b});
        }
        sink.close();
        assertThat(new String(log.bytes(), GB18030)).isEqualTo(CHARACTERS);
        assertThat(sink.stdout()).isEqualTo(CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "GB18030"})
    void characterTornByTheEndOfTheOutputIsTold(Charset logCharset) throws IOException {
        BuildLogSink sink = sink(logCharset, UTF_8, Returned.ALL_OUTPUT);
        stdout(sink, new byte[] {'a', (byte) 0xe2, (byte) 0x82});
        sink.close();
        assertThat(new String(log.bytes(), logCharset)).isEqualTo("a\ufffd\n");
        assertThat(sink.stdout()).isEqualTo("a\ufffd");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "ISO-8859-1", "GB18030"})
    void lastLinesReachTheLogOnCloseAlthoughTheyHaveNoEnd(Charset logCharset) throws IOException {
        BuildLogSink sink = sink(logCharset, UTF_8, Returned.NOTHING);
        stdout(sink, "out".getBytes(UTF_8));
        stderr(sink, "err".getBytes(UTF_8));
        assertThat(log.bytes()).isEmpty();
        sink.close();
        assertThat(new String(log.bytes(), logCharset).lines()).containsExactlyInAnyOrder("out", "err");
        assertThat(log.isClosed()).isFalse();
    }

    @Test
    void longTextIsTranscodedWhole() throws IOException {
        byte[] bytes = CHARACTERS.repeat(50_000).getBytes(UTF_8);
        Random random = new Random(1);
        BuildLogSink sink = sink(GB18030, UTF_8, Returned.NOTHING);
        for (int done = 0; done < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(32_000), bytes.length - done);
            sink.stdout(bytes, done, length);
            done += length;
        }
        sink.close();
        assertThat(new String(log.bytes(), GB18030)).isEqualTo(new String(bytes, UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
    void wholeLinesReachTheLogAsTheyCome(Charset logCharset) throws IOException {
        BuildLogSink sink = sink(logCharset, UTF_8, Returned.ALL_OUTPUT);
        stdout(sink, "1 \u00e4\nrest".getBytes(UTF_8));
        stderr(sink, "2\n".getBytes(UTF_8));
        assertThat(new String(log.bytes(), logCharset)).isEqualTo("1 \u00e4\n2\n");
    }

    private BuildLogSink sink(Charset logCharset, Charset charset, Returned returned) {
        return new BuildLogSink(log.stream(), logCharset, charset, returned, SecretMasks.none());
    }

    private static void stdout(BuildLogSink sink, byte[] bytes) throws IOException {
        sink.stdout(bytes, 0, bytes.length);
    }

    private static void stderr(BuildLogSink sink, byte[] bytes) throws IOException {
        sink.stderr(bytes, 0, bytes.length);
    }
}
