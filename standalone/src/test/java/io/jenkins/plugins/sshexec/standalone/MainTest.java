package io.jenkins.plugins.sshexec.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of the README. */
class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private boolean run(String... arguments) throws Exception {
        Options options = Options.parse(Path.of("examples"), arguments);
        return new Main(options, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void runsTheExampleTwiceOverThePool() throws Exception {
        assertThat(run()).as(output()).isTrue();
        assertThat(output())
                .contains("example #1", "example #2", "Linux".equals(System.getProperty("os.name")) ? "Linux" : "")
                .containsPattern("\n2 builds: [12] sessions? opened, reused 1[01] times\\.\n$");
    }

    @Test
    void runsAJenkinsfileOfOnesOwn(@TempDir Path folder) throws Exception {
        Path jenkinsfile = folder.resolve("my.Jenkinsfile");
        Files.writeString(jenkinsfile, "sshExec host: env.SSH_HOST, command: 'exit 5'\n");
        assertThat(run("--jenkinsfile", jenkinsfile.toString(), "--builds", "1"))
                .isFalse();
        assertThat(output())
                .contains("exit status 5", "\nFinished: FAILURE\n")
                .endsWith("\n1 build: 1 session opened, reused 0 times.\n");
    }

    @Test
    void takesPasswordsToo(@TempDir Path folder) throws Exception {
        Path jenkinsfile = folder.resolve("Jenkinsfile");
        Files.writeString(
                jenkinsfile,
                "sshExec host: env.SSH_HOST.replace('deploy', 'guest'), credentialsId: 'guest', command: 'echo in'\n");
        assertThat(run("--jenkinsfile", jenkinsfile.toString(), "--builds", "1"))
                .as(output())
                .isTrue();
    }
}
