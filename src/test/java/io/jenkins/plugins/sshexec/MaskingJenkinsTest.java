package io.jenkins.plugins.sshexec;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.Secret;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What is masked in a real build log, from a real server, through the filters that a real Pipeline puts in between. */
@WithJenkins
class MaskingJenkinsTest {

    private static final String TOKEN = "a-token-of-twenty-six-bytes";

    private JenkinsRule jenkins;
    private OpenSshServer server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = SshJenkins.startServer();
        SshJenkins.add(
                SshJenkins.system(),
                new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", null, Secret.fromString(TOKEN)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** Each line of the file begins at another place of the packets, which have no regard for lines. */
    @Test
    void whatWithCredentialsBindsIsMaskedAcrossPackets() throws Exception {
        Path file = server.directory().resolve("output");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            text.append("x".repeat(i % 97)).append(' ').append(TOKEN).append(" end\n");
        }
        Files.writeString(file, text);
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                jenkins,
                "withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { sshExec host: '" + host(server)
                        + "', command: 'cat " + file + "; cat " + file + " >&2; echo " + TOKEN.substring(0, 5)
                        + "' }"));
        String log = JenkinsRule.getLog(run);
        assertThat(log).doesNotContain(TOKEN);
        assertThat(log.split(" \\*\\*\\*\\* end\n", -1)).hasSize(2 * 3_000 + 1);
    }

    @Test
    void aBoundSecretInTheCommandIsMaskedInItsLine() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                jenkins,
                "withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { sshExec host: '" + host(server)
                        + "', command: \"printf '%s ' before; printf '%s\\\\n' $TOKEN\" }"));
        String log = JenkinsRule.getLog(run);
        assertThat(log).doesNotContain(TOKEN).contains("before ****\n").contains("printf '%s\\n' ****");
    }

    @Test
    void theKeyThatTheStepLogsInWithIsMaskedLineByLine() throws Exception {
        String key = server.userKey().privateText();
        Path file = Files.writeString(server.directory().resolve("key"), (key + "between\n").repeat(500));
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                jenkins, "sshExec host: '" + host(server) + "', command: 'cat " + file + "; cat " + file + " >&2'"));
        String log = JenkinsRule.getLog(run);
        List<String> secretLines =
                key.lines().filter(line -> line.length() == 70).toList();
        assertThat(secretLines).hasSizeGreaterThan(3);
        assertThat(log).doesNotContain(secretLines).contains("between\n");
        assertThat(log.split("\n")).filteredOn("****"::equals).hasSizeGreaterThan(2 * 500 * 3);
    }
}
