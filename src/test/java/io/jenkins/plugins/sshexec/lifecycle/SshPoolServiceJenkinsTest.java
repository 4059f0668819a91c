package io.jenkins.plugins.sshexec.lifecycle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The pool as a part of Jenkins: settings, periodic work. Its end is in the restart test of the step. */
@WithJenkins
class SshPoolServiceJenkinsTest {

    private JenkinsRule jenkins;
    private OpenSshServer server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = SshJenkins.startServer("MaxStartups 10:30:100");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private PoolSnapshot snapshot() {
        return SshPoolService.get().pool().snapshot();
    }

    private int sessionsIdle() {
        return snapshot().hosts().stream()
                .mapToInt(PoolSnapshot.Host::sessionsIdle)
                .sum();
    }

    @Test
    void periodicWorkClosesIdleSessions() throws Exception {
        PoolMaintenance work = ExtensionList.lookupSingleton(PoolMaintenance.class);
        SshExecConfiguration.get().setMaxIdleSeconds(1);
        jenkins.buildAndAssertSuccess(pipeline(jenkins, "sshExec host: '" + host(server) + "', command: 'true'"));
        assertThat(sessionsIdle()).isEqualTo(1);
        await().untilAsserted(() -> {
            work.doRun();
            assertThat(sessionsIdle()).isZero();
        });
        assertThat(snapshot().retired()).containsEntry(RetireReason.IDLE, 1L);
    }

    @Test
    void aRaisedLimitLetsWaitersInAtOnce() throws Exception {
        SshExecConfiguration.get().setSessionsPerHost(1);
        SshExecConfiguration.get().setChannelsPerSession(1);
        Path go = server.directory().resolve("go");
        String command =
                "sshExec host: '" + host(server) + "', command: 'until [ -e " + go + " ]; do sleep 0.05; done'";
        WorkflowRun run = pipeline(jenkins, "parallel a: { " + command + " }, b: { " + command + " }")
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("Waiting for a session to 127.0.0.1", run);
        SshExecConfiguration.get().setSessionsPerHost(2);
        await().until(() -> server.commands() == 2);
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    /** A command that runs until {@code go} is there. */
    private String untilGo() {
        Path go = server.directory().resolve("go");
        return "sshExec host: '" + host(server) + "', command: 'until [ -e " + go + " ]; do sleep 0.05; done'";
    }

    private void go() throws Exception {
        Files.createFile(server.directory().resolve("go"));
    }

    @Test
    void aReloadOfConfigurationAsCodeHoldsForNewCommandsAndLeavesRunningOnesAlone(@TempDir Path directory)
            throws Exception {
        SshExecConfiguration.get().setChannelsPerSession(1);
        WorkflowRun running = pipeline(jenkins, "parallel a: { " + untilGo() + " }, b: { " + untilGo() + " }")
                .scheduleBuild2(0)
                .waitForStart();
        await().until(() -> server.commands() == 2);
        Path yaml = Files.writeString(
                directory.resolve("jenkins.yaml"), "unclassified:\n  sshExec:\n    sessionsPerHost: 1\n");
        ConfigurationAsCode.get().configure(yaml.toString());

        WorkflowRun later = pipeline(jenkins, untilGo()).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Waiting for a session to 127.0.0.1, number 1 in line.", later);
        assertThat(running.isBuilding()).isTrue();
        go();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(running));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(later));
        assertThat(snapshot().retired()).doesNotContainKey(RetireReason.FAILED);
        ExtensionList.lookupSingleton(PoolMaintenance.class).doRun();
        assertThat(snapshot().hosts().stream().mapToInt(host -> host.sessionsIdle() + host.sessionsInUse()))
                .as("drained to what is allowed now")
                .allMatch(sessions -> sessions <= 1);
    }

    @Test
    void anAbortedBuildLeavesTheLineAtOnce() throws Exception {
        SshExecConfiguration.get().setSessionsPerHost(1);
        SshExecConfiguration.get().setChannelsPerSession(1);
        WorkflowRun running = pipeline(jenkins, untilGo()).scheduleBuild2(0).waitForStart();
        await().until(() -> server.commands() == 1);
        WorkflowRun waiting = pipeline(jenkins, untilGo()).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Waiting for a session to 127.0.0.1", waiting);

        waiting.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(waiting));
        assertThat(snapshot().hosts()).singleElement().satisfies(host -> assertThat(host.waiting())
                .isZero());
        assertThat(running.isBuilding()).isTrue();
        go();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(running));
        assertThat(server.commands()).isEqualTo(1);
    }

    /** More at once than sshd's default MaxStartups bears. */
    @Test
    void manyStepsOfManyBuildsAllSucceed() throws Exception {
        String step = "sshExec host: '" + host(server) + "', command: 'true'";
        String branches = IntStream.range(0, 10)
                .mapToObj(i -> "b" + i + ": { " + step + " }")
                .collect(Collectors.joining(", "));
        List<WorkflowRun> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(pipeline(jenkins, "parallel " + branches).scheduleBuild2(0).waitForStart());
        }

        for (WorkflowRun run : runs) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
        await().until(() -> server.commands() == 60);
        assertThat(server.connections()).isLessThanOrEqualTo(8);
    }

    @Test
    void aSessionThatDiedWhileIdleIsReplacedUnseen() throws Exception {
        String script = "sshExec host: '" + host(server) + "', command: 'echo hello'";
        jenkins.buildAndAssertSuccess(pipeline(jenkins, script));
        server.kill();
        server.launch();
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(jenkins, script));
        jenkins.assertLogContains("(new session)", run);
        assertThat(server.logins()).isEqualTo(2);
    }
}
