package io.jenkins.plugins.sshexec.core.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.launch.Dialogue.Sign;
import io.jenkins.plugins.sshexec.testing.TextSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialogueTest {

    private static final String TOKEN = "@jse-1-";

    private final TextSink sink = new TextSink();
    private final List<Sign> signs = new ArrayList<>();
    private final Dialogue dialogue = new Dialogue(sink, TOKEN, false, signs::add);

    @Test
    void signsAreTakenOutWhereverTheOutputIsCut() throws Exception {
        String output = "motd @jse-\n" + TOKEN + "psorry" + TOKEN + "p" + TOKEN + "r" + TOKEN + "sthe " + TOKEN + "p";
        for (int first = 0; first <= output.length(); first++) {
            for (int second = first; second <= output.length(); second++) {
                TextSink text = new TextSink();
                List<Sign> heard = new ArrayList<>();
                Dialogue cut = new Dialogue(text, TOKEN, false, heard::add);
                stderr(cut, output.substring(0, first));
                stderr(cut, output.substring(first, second));
                stderr(cut, output.substring(second));
                cut.end();
                assertThat(text.text()).isEqualTo("motd @jse-\nsorrythe " + TOKEN + "p");
                assertThat(heard).containsExactly(Sign.PASSWORD, Sign.PASSWORD, Sign.READY, Sign.STARTING);
                assertThat(cut.isStarted()).isTrue();
                assertThat(cut.said()).isEqualTo("motd @jse-\nsorry");
            }
        }
    }

    @Test
    void beginningOfASignIsPassedOnInTheEnd() throws Exception {
        stderr(dialogue, "bye @jse");
        assertThat(sink.text()).isEqualTo("bye ");
        dialogue.end();
        assertThat(sink.text()).isEqualTo("bye @jse");
        assertThat(dialogue.isStarted()).isFalse();
    }

    @Test
    void otherStreamIsNotLookedAt() throws Exception {
        byte[] text = (TOKEN + "s").getBytes(UTF_8);
        dialogue.stdout(text, 0, text.length);
        assertThat(sink.text()).isEqualTo(TOKEN + "s");
        assertThat(signs).isEmpty();
    }

    @Test
    void muchThatIsSaidBeforeTheCommandIsKeptInPart() throws Exception {
        stderr(dialogue, "x".repeat(1_000_000));
        stderr(dialogue, "y");
        assertThat(dialogue.said()).hasSize(2000);
        assertThat(sink.text()).hasSize(1_000_001);
    }

    private static void stderr(Dialogue dialogue, String text) throws IOException {
        byte[] bytes = ("<" + text).getBytes(UTF_8);
        dialogue.stderr(bytes, 1, bytes.length - 1);
    }
}
