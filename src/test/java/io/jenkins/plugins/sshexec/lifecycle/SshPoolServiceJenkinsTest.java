package io.jenkins.plugins.sshexec.lifecycle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.ExtensionList;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
        server = SshJenkins.startServer();
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
