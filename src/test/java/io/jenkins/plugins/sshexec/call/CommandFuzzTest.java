package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.core.model.UnfitCharacters;
import io.jenkins.plugins.sshexec.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the command is, the server gets exactly that, or the build one sentence. */
@Timeout(600)
class CommandFuzzTest {

    private static final List<String> COMMANDS = List.of(
            "uptime",
            "set -e\ncd /srv/shop\n./unpack.sh \"$1\"\n",
            "printf '%s\\n' \"\u00fcml\u00e4ut\"",
            "x".repeat(31_990),
            "echo \ud83d\ude00 | tee /tmp/out");

    private static final List<String> ENCODINGS = List.of("", "ISO-8859-1", "UTF-16", "GB18030", "no-such");

    @Test
    void isSentAsItIsOrRefusedInOneSentence() {
        int[] round = {0};
        Fuzz.texts(20_000, COMMANDS, command -> {
            String encoding = ENCODINGS.get(round[0]++ % ENCODINGS.size());
            try {
                ExecCall call = ExecCall.of("web1", null, command, encoding, false, Returned.NOTHING);
                assertThat(new String(call.command(), call.charset()).equals(command))
                        .isTrue();
                assertThat(call.command().length).isLessThanOrEqualTo(32_000);
                assertThat(new String(call.command(), StandardCharsets.ISO_8859_1).indexOf(0))
                        .isNegative();
                String shown = LogText.firstLine(call.shown());
                assertThat(UnfitCharacters.replace(shown, '?')).isEqualTo(shown);
            } catch (AbortException e) {
                assertThat(e.getMessage()).endsWith(".").hasSizeLessThan(200).doesNotContain("\n");
            }
        });
    }
}
