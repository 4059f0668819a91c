package io.jenkins.plugins.sshexec.step;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** What a restart of Jenkins does to a command that runs, and to the plugin's threads. */
class SshExecRestartJenkinsTest {

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private OpenSshServer server;

    @BeforeEach
    void start() throws Exception {
        server = OpenSshServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aCommandThatRanDuringTheRestartFailsWithASentence() throws Throwable {
        sessions.then(jenkins -> startCommand(jenkins, "sshExec host: '" + host(server) + "', command: 'sleep 1000'"));
        assertNoThreadIsLeft();
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains(
                    "Jenkins was restarted while the command ran; it may still be running on " + host(server), run);
            // The pool's end is none of the build's business: it was suspended before.
            jenkins.assertLogNotContains("was lost while the command ran", run);
        });
    }

    @Test
    void aCommandOnManyHostsThatRanDuringTheRestartFailsWithASentence() throws Throwable {
        String other = OpenSshServer.user() + "@" + host(server);
        sessions.then(jenkins -> startCommand(
                jenkins,
                "sshExec hosts: ['" + host(server) + "', '" + other + "'], maxParallel: 1, command: 'sleep 1000'"));
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains(
                    "Jenkins was restarted while the command ran; it may still be running on " + host(server) + ", "
                            + other,
                    run);
            jenkins.assertLogNotContains("Exit status", run);
        });
    }

    @Test
    void retryOfWhatCannotResumeRunsTheCommandAgain() throws Throwable {
        String attempt = server.directory().resolve("attempt").toString();
        String command = "[ -e " + attempt + " ] || { touch " + attempt + "; sleep 1000; }; echo second";
        sessions.then(jenkins -> startCommand(
                jenkins,
                "retry(count: 2, conditions: [nonresumable()]) { sshExec host: '" + host(server) + "', command: '"
                        + command + "' }"));
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("second", run);
        });
    }

    private void startCommand(JenkinsRule jenkins, String script) throws Exception {
        SshJenkins.trust(server);
        SshJenkins.addLogin(server, "web");
        WorkflowJob job = SshJenkins.define(jenkins.createProject(WorkflowJob.class, "job"), script);
        job.scheduleBuild2(0).waitForStart();
        Awaitility.await().until(() -> server.commands() == 1);
    }

    private static WorkflowRun lastRun(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("job", WorkflowJob.class).getLastBuild();
    }

    private static void assertNoThreadIsLeft() {
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("ssh-exec")));
    }
}
