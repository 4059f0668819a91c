package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host's name before each of its lines. */
class PrefixedLinesTest {

    private static final String RED = "\u001b[31m";
    private static final String OFF = "\u001b[0m";

    /** What the log was given, one element for each write. */
    private final List<String> writes = new ArrayList<>();

    private final PrintStream log = new PrintStream(new OutputStream() {
        @Override
        public void write(int b) {
            writes.add(String.valueOf((char) b));
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            writes.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
        }
    });

    private final PrintStream lines = PrefixedLines.of(log, "[web1] ", StandardCharsets.UTF_8);

    private String logged() {
        return String.join("", writes);
    }

    @Test
    void eachLineGetsThePrefix() {
        lines.println("one");
        lines.print("two\n\nthree\n");
        assertThat(logged()).isEqualTo("[web1] one\n[web1] two\n[web1] \n[web1] three\n");
    }

    @Test
    void aLineIsWrittenWholeHoweverItCame() {
        lines.print("ha");
        lines.flush();
        assertThat(writes).isEmpty();
        lines.print("lf\nrest");
        lines.flush();
        assertThat(writes).containsExactly("[web1] half\n");
        lines.close();
        assertThat(logged()).isEqualTo("[web1] half\n[web1] rest\n");
    }

    @Test
    void linesThatComeTogetherAreOneWrite() {
        lines.write("a\nb\n".getBytes(StandardCharsets.UTF_8), 0, 4);
        assertThat(writes).containsExactly("[web1] a\n[web1] b\n");
    }

    @Test
    void carriageReturnsStayInTheirLine() {
        lines.print("10 %\r50 %\r100 %\n");
        assertThat(logged()).isEqualTo("[web1] 10 %\r50 %\r100 %\n");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {PrefixedLines.MAX_LINE_BYTES, PrefixedLines.MAX_LINE_BYTES + 1, 3 * PrefixedLines.MAX_LINE_BYTES})
    void aVeryLongLineGoesOnInTheNextOneAndNothingIsLostOrAdded(int length) {
        lines.print("x".repeat(length) + "\nnext\n");
        assertThat(logged().lines()).allMatch(line -> line.startsWith("[web1] "));
        assertThat(logged().lines().filter(line -> line.length() > "[web1] ".length() + PrefixedLines.MAX_LINE_BYTES))
                .isEmpty();
        assertThat(logged().chars().filter(c -> c == 'x').count()).isEqualTo(length + 1L); // one is that of next
        assertThat(logged()).endsWith("x\n[web1] next\n").doesNotContain("[web1] \n");
    }

    @Test
    void coloursEndWithTheLineAndBeginAgainWithTheNextOfTheHost() {
        lines.print(RED + "red\nstill red" + OFF + "\nplain\n");
        assertThat(logged())
                .isEqualTo("[web1] " + RED + "red" + OFF + "\n[web1] " + RED + "still red" + OFF + "\n[web1] plain\n");
    }

    @Test
    void anEscapeSequenceIsNeverCutByThePrefix() {
        lines.print("\u001b[1");
        lines.print(";32mgreen\u001b[m\n");
        assertThat(logged()).isEqualTo("[web1] \u001b[1;32mgreen\u001b[m\n");
    }

    @Test
    void aResetThatSwitchesSomethingOnKeepsThat() {
        lines.print(RED + "a\u001b[0;1mb\nc\u001b[2Kd\n");
        assertThat(logged())
                .isEqualTo("[web1] " + RED + "a\u001b[0;1mb" + OFF + "\n[web1] \u001b[0;1mc\u001b[2Kd" + OFF + "\n");
    }

    @Test
    void aLogThatCannotBeWrittenIsTold() {
        PrintStream broken = PrefixedLines.of(
                new PrintStream(new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                }),
                "[web1] ",
                StandardCharsets.UTF_8);
        broken.println("lost");
        assertThat(broken.checkError()).isTrue();
    }

    @Test
    void closingLeavesTheBuildsLogOpen() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream shared = new PrintStream(bytes);
        PrefixedLines.of(shared, "[a] ", StandardCharsets.UTF_8).close();
        shared.print("after");
        shared.flush();
        assertThat(bytes).hasToString("after");
    }
}
