package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CapturedOutputTest {

    private static final int CHUNK = 1024 * 1024;

    private final CapturedOutput captured = new CapturedOutput(new CapturedOutput.Room());

    @Test
    void bytesAreDecodedOnceTheyAreAllThere() throws IOException {
        for (byte b : "\u20ac".getBytes(UTF_8)) {
            captured.write(b);
        }
        captured.write("x\u00e4x".getBytes(UTF_8), 1, 2);
        assertThat(captured.toString(UTF_8)).isEqualTo("\u20ac\u00e4");
        assertThat(captured.toString(ISO_8859_1)).hasSize(5);
    }

    @Test
    void whatGoesOverTheLimitIsRefusedWithASentence() throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int taken = 0; taken < CapturedOutput.MAX_BYTES - CHUNK; taken += CHUNK) {
            captured.write(chunk);
        }
        assertThatIOException()
                .isThrownBy(() -> captured.write(new byte[CHUNK + 1]))
                .withMessage("it is more than the 16 MiB that a step can return;"
                        + " let the command write to a file, or filter its output");
        captured.write(chunk);
        assertThatIOException().isThrownBy(() -> captured.write('x'));
    }

    @Test
    void overTheLimitTheLogHasWhatTheCallerDoesNotGet() throws IOException {
        RecordingLog log = new RecordingLog();
        BuildLogSink sink = new BuildLogSink(log.stream(), UTF_8, UTF_8, Returned.ALL_OUTPUT, SecretMasks.none());
        byte[] most = new byte[CapturedOutput.MAX_BYTES - 3];
        sink.stderr("err".getBytes(UTF_8), 0, 3);
        sink.stdout(most, 0, most.length);
        assertThatIOException().isThrownBy(() -> sink.stdout("end\n".getBytes(UTF_8), 0, 4));
        assertThat(log.writes().get(log.writes().size() - 1)).isEqualTo("end\n");
        assertThat(sink.stderr()).isEqualTo("err");
    }
}
