package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.core.durable.Offsets;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the log has of a durable command's output when Jenkins was killed, or stopped, in the middle of it. */
class DurableLogSinkTest {

    private static final String SECRET = "correct horse \u00fcnd staple";
    private static final List<Login> LOGINS = List.of(new PasswordLogin("deploy", SecretBytes.of(SECRET)));

    private static final int PIECE = 8 * 1024;

    /** The first piece that ends after a line has become too long. */
    private static final int FIRST_PART = 9 * PIECE;

    @TempDir
    Path build;

    /** How the first of two runs of Jenkins ends. */
    private enum End {
        KILLED,
        STOPPED
    }

    /** The log after a run of Jenkins that came as far as {@code cut}, and a second one. */
    private String log(byte[] output, int cut, Charset charset, Returned returned, End end) throws IOException {
        RecordingLog log = new RecordingLog();
        UUID id = UUID.randomUUID();
        run(log, id, output, cut, charset, returned, end);
        run(log, id, output, output.length, charset, returned, End.STOPPED);
        return new String(log.bytes(), UTF_8);
    }

    private void run(RecordingLog log, UUID id, byte[] output, int to, Charset charset, Returned returned, End end)
            throws IOException {
        try (DurableState state = DurableState.open(build, id)) {
            BuildLogSink sink = BuildLogSink.keepingNothing(
                    log.stream(), UTF_8, charset, returned, SecretMask.of(LOGINS, UTF_8), state.logged());
            Offsets from = returned == Returned.ALL_OUTPUT ? Offsets.NONE : state.logged();
            DurableLogSink lines = new DurableLogSink(sink, state, from, SecretMask.of(LOGINS, charset));
            for (int at = (int) from.stdout(); at < to; at += PIECE) {
                lines.stdout(output, at, Math.min(PIECE, to - at));
            }
            if (to == output.length) {
                lines.complete();
            }
            if (end == End.STOPPED) {
                sink.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void linesAreLoggedOnceAndWholeWhereverARestartCutsThem(End end) throws IOException {
        byte[] output = ("one " + SECRET + "\ntwo\n\nthree correct h\nlast").getBytes(UTF_8);
        for (int cut = 0; cut < output.length; cut++) {
            assertThat(log(output, cut, UTF_8, Returned.NOTHING, end))
                    .as("cut at %d", cut)
                    .isEqualTo("one ****\ntwo\n\nthree correct h\nlast\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KILLED, UTF-8, NOTHING",
        "KILLED, UTF-8, ALL_OUTPUT",
        "KILLED, ISO-8859-1, NOTHING",
        "STOPPED, UTF-8, NOTHING",
        "STOPPED, ISO-8859-1, ALL_OUTPUT"
    })
    void aSecretInALineThatIsTooLongIsNotTornByARestart(End end, String charset, Returned returned) throws IOException {
        Charset commands = Charset.forName(charset);
        int length = SECRET.getBytes(commands).length;
        for (int at = FIRST_PART - length - 1; at <= FIRST_PART; at++) {
            byte[] output = ("x".repeat(at) + SECRET + "y".repeat(100) + "\nnext\n").getBytes(commands);
            String log = log(output, FIRST_PART, commands, returned, end);
            if (end == End.STOPPED) { // which ends a line that is in the log in part
                assertThat(log.chars().filter(each -> each == '\n').count()).isEqualTo(3);
                log = log.replaceFirst("\n", "");
            }
            assertThat(log).as("secret at %d", at).isEqualTo("x".repeat(at) + "****" + "y".repeat(100) + "\nnext\n");
        }
    }

    @Test
    void charactersOfALineThatIsTooLongAreWhole() throws IOException {
        String line = "\u00fc ".repeat(30_000) + "\n";
        for (int shift = 0; shift < 3; shift++) {
            byte[] output = ("x".repeat(shift) + line).getBytes(UTF_8);
            assertThat(log(output, FIRST_PART, UTF_8, Returned.NOTHING, End.KILLED))
                    .isEqualTo("x".repeat(shift) + line);
        }
    }

    @Test
    void whatIsLoggedHasReachedTheLogsFile() throws IOException {
        RecordingLog log = new RecordingLog();
        byte[] output = ("x".repeat(FIRST_PART) + " and more").getBytes(UTF_8);
        UUID id = UUID.randomUUID();
        run(log, id, output, FIRST_PART, UTF_8, Returned.NOTHING, End.KILLED);
        try (DurableState state = DurableState.open(build, id)) {
            assertThat(state.logged()).isEqualTo(new Offsets(FIRST_PART, 0));
        }
        assertThat(log.bytes()).hasSize(FIRST_PART);
    }
}
