package io.jenkins.plugins.sshexec.step;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** {@code withSsh} on a real Jenkins, and over its restart. */
class WithSshStepJenkinsTest {

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
    void formAndSnippetKeepEverything() throws Throwable {
        sessions.then(jenkins -> {
            WithSshStep step = new WithSshStep();
            SnippetizerTester snippets = new SnippetizerTester(jenkins);
            step.setHost("me@web1:2222");
            snippets.assertRoundTrip(step, "withSsh(host: 'me@web1:2222') {\n    // some block\n}");
            step.setCredentialsId("web");
            snippets.assertRoundTrip(
                    step, "withSsh(credentialsId: 'web', host: 'me@web1:2222') {\n    // some block\n}");
            jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
        });
    }

    @Test
    void theBlockGoesOnAfterARestart() throws Throwable {
        String script = "withSsh(host: '" + host(server)
                + "', credentialsId: 'web') { sshExec 'echo before'; semaphore 'wait'; sshExec 'echo after' }";
        sessions.then(jenkins -> {
            SshJenkins.trust(server);
            SshJenkins.addLogin(server, "web");
            WorkflowJob job = SshJenkins.define(jenkins.createProject(WorkflowJob.class, "job"), script);
            SemaphoreStep.waitForStart("wait/1", job.scheduleBuild2(0).waitForStart());
        });
        sessions.then(jenkins -> {
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("job", WorkflowJob.class).getLastBuild();
            SemaphoreStep.success("wait/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("\nbefore\n", run);
            jenkins.assertLogContains("\nafter\n", run);
        });
    }

    @Test
    void stoppingTheBuildStopsTheCommandInside() throws Throwable {
        sessions.then(jenkins -> {
            SshJenkins.trust(server);
            SshJenkins.addLogin(server, "web");
            Path started = server.directory().resolve("started");
            WorkflowRun run = SshJenkins.pipeline(
                            jenkins,
                            "withSsh(host: '" + host(server) + "') { sshExec 'touch " + started
                                    + "; exec sleep 1000' }")
                    .scheduleBuild2(0)
                    .waitForStart();
            await().until(() -> Files.exists(started));
            run.getExecutor().interrupt();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        });
    }

    @Test
    void aBlockIsNeeded() throws Throwable {
        sessions.then(jenkins -> jenkins.assertLogContains(
                "withSsh step must be called with a body",
                jenkins.buildAndAssertStatus(Result.FAILURE, SshJenkins.pipeline(jenkins, "withSsh host: 'web1'"))));
    }

    @Test
    void declarativeOptionsTakeTheBlockForAllStages() throws Throwable {
        sessions.then(jenkins -> {
            SshJenkins.trust(server);
            SshJenkins.addLogin(server, "web");
            WorkflowRun run = jenkins.buildAndAssertSuccess(SshJenkins.pipeline(
                    jenkins,
                    "pipeline { agent none; options { withSsh(host: '" + host(server)
                            + "') }; stages { stage('s') { steps { sshExec 'echo in a stage' } } } }"));
            jenkins.assertLogContains("\nin a stage\n", run);
        });
    }
}
