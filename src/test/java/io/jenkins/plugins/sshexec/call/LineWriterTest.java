package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineWriterTest {

    private static final int MOST_HELD = 64 * 1024;

    private final RecordingLog log = new RecordingLog();
    private final LineWriter lines = new LineWriter(log.stream());

    @Test
    void linesComeWholeAndEachGroupInOneFlushedWrite() throws IOException {
        write("o");
        write("ne\ntwo\nth");
        assertThat(log.writes()).containsExactly("one\ntwo\n");
        write("ree");
        assertThat(log.writes()).hasSize(1);
        write("\n");
        assertThat(log.writes()).containsExactly("one\ntwo\n", "three\n");
        assertThat(log.unflushed()).isZero();
    }

    @Test
    void partOfTheArrayIsTaken() throws IOException {
        lines.write("xxone\nyy".getBytes(ISO_8859_1), 2, 4);
        assertThat(log.writes()).containsExactly("one\n");
    }

    @Test
    void arrayMayBeOverwrittenAfterTheCall() throws IOException {
        byte[] buffer = "begin".getBytes(ISO_8859_1);
        lines.write(buffer, 0, buffer.length);
        buffer[0] = 'X';
        write("\n");
        assertThat(log.writes()).containsExactly("begin\n");
    }

    /** A PrintStream does not say so by itself. */
    @Test
    void logThatCannotBeWrittenIsAFailure() {
        LineWriter full = new LineWriter(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        }));
        assertThatIOException()
                .isThrownBy(() -> full.write("one\n".getBytes(ISO_8859_1)))
                .withMessage("the build log cannot be written; see whether the disk that it is on is full");
    }

    @Test
    void linesOfTwoWritersDoNotMix() throws IOException {
        LineWriter others = new LineWriter(log.stream());
        byte[] other = "other\n".getBytes(ISO_8859_1);
        for (byte b : "mine\n".getBytes(ISO_8859_1)) {
            lines.write(b);
            others.write(other, 0, other.length);
        }
        assertThat(log.text()).isEqualTo("other\n".repeat(4) + "mine\n" + "other\n");
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "'a', 'a\\n'", "'a\\n', 'a\\n'", "'a\\n\\n', 'a\\n\\n'", "'a\\nb', 'a\\nb\\n'", "'\\n', '\\n'"
    })
    void lastLineIsEndedOnce(String written, String logged) throws IOException {
        write(written.replace("\\n", "\n"));
        lines.close();
        lines.close();
        assertThat(log.text()).isEqualTo(logged.replace("\\n", "\n"));
        assertThat(log.unflushed()).isZero();
    }

    @Test
    void closingLeavesTheLogOpen() throws IOException {
        write("a");
        lines.close();
        log.stream().print("b");
        log.stream().flush();
        assertThat(log.text()).isEqualTo("a\nb");
        assertThat(log.isClosed()).isFalse();
    }

    @Test
    void lineOfTheGreatestLengthThatIsHeldComesWhole() throws IOException {
        String longest = "x".repeat(MOST_HELD);
        write(longest);
        assertThat(log.writes()).isEmpty();
        write("\n");
        assertThat(log.writes()).containsExactly(longest + "\n");
    }

    @Test
    void longerLineComesInPartsBeforeItEnds() throws IOException {
        String part = "x".repeat(MOST_HELD + 1);
        write(part);
        assertThat(log.writes()).containsExactly(part);
        write("end");
        lines.close();
        assertThat(log.text()).isEqualTo(part + "end\n");
    }

    @Test
    void longLineThatEndsExactlyWhereItWasCutIsEndedOnClose() throws IOException {
        String part = "x".repeat(MOST_HELD + 1);
        write(part);
        lines.close();
        lines.close();
        assertThat(log.text()).isEqualTo(part + "\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noByteIsLostOrInventedHoweverOutputIsCut(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] output = new byte[300_000];
        random.nextBytes(output);
        for (int i = 0; i < 1_000; i++) {
            output[random.nextInt(output.length)] = '\n';
        }
        output[output.length - 1] = '\n';
        for (int done = 0; done < output.length; ) {
            int length = Math.min(random.nextInt(20_000), output.length - done);
            lines.write(output, done, length);
            done += length;
        }
        assertThat(log.bytes()).isEqualTo(output);
        lines.close();
        assertThat(log.bytes()).isEqualTo(output);
    }

    private void write(String text) throws IOException {
        lines.write(text.getBytes(ISO_8859_1), 0, text.length());
    }
}
