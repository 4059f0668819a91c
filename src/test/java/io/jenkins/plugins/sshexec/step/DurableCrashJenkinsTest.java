package io.jenkins.plugins.sshexec.step;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.knownHostsLine;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A durable command while the process of Jenkins is killed, which gets no chance to write anything down. */
@EnabledOnOs(OS.LINUX)
class DurableCrashJenkinsTest {

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    private OpenSshServer server;

    @BeforeEach
    void start() throws IOException {
        server = OpenSshServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        jenkins.stopJenkinsForcibly();
        server.close();
    }

    private Path file(String name) {
        return server.directory().resolve(name);
    }

    @Test
    void everyLineIsLoggedOnceWhenJenkinsIsKilledAndStartedAgain() throws Throwable {
        String command = "echo x >> " + file("starts") + "; i=0; until [ -e " + file("go")
                + " ]; do i=$((i + 1)); echo \"line $i\"; sleep 0.1; done; echo \"last $i\"; exit 3";
        String script = "echo 'status: ' + sshExec(host: '" + host(server) + "', durable: true, durableDirectory: '"
                + file("durable") + "', returnStatus: true, command: '" + command + "')";
        jenkins.startJenkins();
        jenkins.runRemotely(
                DurableCrashJenkinsTest::startBuild,
                new Server(host(server), knownHostsLine(server), server.userKey()),
                script);

        jenkins.stopJenkinsForcibly(); // by SIGKILL

        jenkins.startJenkins();
        jenkins.runRemotely(DurableCrashJenkinsTest::awaitFollowing);
        Files.createFile(file("go"));
        List<String> log = jenkins.runRemotely(DurableCrashJenkinsTest::awaitEnd);

        assertThat(log).contains("status: 3");
        List<String> lines = log.stream()
                .filter(line -> line.startsWith("line ") || line.startsWith("last "))
                .toList();
        List<String> expected = new ArrayList<>(IntStream.range(1, lines.size())
                .mapToObj(number -> "line " + number)
                .toList());
        expected.add("last " + (lines.size() - 1));
        assertThat(lines).isEqualTo(expected);
        assertThat(Files.readString(file("starts"))).isEqualTo("x\n");
        assertThat(file("durable")).isEmptyDirectory();
    }

    private static void startBuild(JenkinsRule rule, Server server, String script) throws Exception {
        SshJenkins.trust(server.knownHostsLine());
        SshJenkins.addLogin(server.host(), server.userKey(), "web");
        WorkflowJob job = SshJenkins.define(rule.createProject(WorkflowJob.class, "job"), script);
        rule.waitForMessage("line 10", job.scheduleBuild2(0).waitForStart());
    }

    private static void awaitFollowing(JenkinsRule rule) throws Exception {
        rule.waitForMessage("Following the command on", run(rule));
    }

    private static ArrayList<String> awaitEnd(JenkinsRule rule) throws Exception {
        WorkflowRun run = rule.assertBuildStatusSuccess(rule.waitForCompletion(run(rule)));
        return new ArrayList<>(run.getLog(Integer.MAX_VALUE));
    }

    private static WorkflowRun run(JenkinsRule rule) {
        return rule.jenkins.getItemByFullName("job", WorkflowJob.class).getLastBuild();
    }

    /** What Jenkins has to know of the server, which runs beside the test. */
    private record Server(String host, String knownHostsLine, TestKey userKey) implements Serializable {}
}
