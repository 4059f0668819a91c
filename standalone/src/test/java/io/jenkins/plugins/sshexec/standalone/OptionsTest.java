package io.jenkins.plugins.sshexec.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.sshexec.core.model.Destination;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static Options parse(String... arguments) {
        return Options.parse(Path.of("examples"), arguments);
    }

    private static void refuses(String because, String... arguments) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(arguments)).withMessage(because);
    }

    @Test
    void withoutAnyItIsTheExampleOnTheDemoServer() {
        assertThat(parse()).isEqualTo(new Options(Path.of("examples/Jenkinsfile"), null, null, false, null, 2, false));
    }

    @Test
    void takesAHostOfOnesOwn() {
        Options options =
                parse("--host", "me@web1:2222", "--key", "id", "--known-hosts", "/etc/hosts", "--builds", "3");
        assertThat(options.host()).isEqualTo(Destination.parse("me@web1:2222"));
        assertThat(options.key()).isEqualTo(Path.of("id"));
        assertThat(options.knownHosts()).isEqualTo(Path.of("/etc/hosts"));
        assertThat(options.builds()).isEqualTo(3);
    }

    @Test
    void saysWhatIsWrong() {
        refuses("There is no option --foo.", "--foo");
        refuses("--host needs a value.", "--host");
        refuses("With --host comes --key or --password-stdin.", "--host", "web1");
        refuses("--key, --password-stdin and --known-hosts are for a --host.", "--key", "id");
        refuses("--builds needs a number above 0.", "--builds", "0");
        refuses("--builds needs a number, and two is none.", "--builds", "two");
    }
}
