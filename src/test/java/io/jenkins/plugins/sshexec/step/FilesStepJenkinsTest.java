package io.jenkins.plugins.sshexec.step;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.StepExecutions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code sshPut} and {@code sshGet} on a real Jenkins with a real agent, which is a process of its own. */
@WithJenkins
class FilesStepJenkinsTest {

    private JenkinsRule jenkins;
    private OpenSshServer server;

    @TempDir
    private Path remote;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = SshJenkins.startServer("Subsystem sftp internal-sftp");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void filesGoFromAnAgentAndToIt() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        WorkflowJob job =
                pipeline(jenkins, """
                node('%s') {
                    sshPut host: '%s', from: 'out', into: '%s/there'
                    sshGet host: '%s', from: '%s/there', into: 'back'
                }
                """.formatted(agent.getNodeName(), host(server), remote, host(server), remote));
        FilePath workspace = agent.getWorkspaceFor(job);
        byte[] big = new byte[21_000_001];
        new Random(5).nextBytes(big);
        for (int i = 0; i < 100; i++) {
            workspace.child("out/d" + i % 3 + "/f" + i).write("file " + i, "UTF-8");
        }
        try (var out = workspace.child("out/big").write()) {
            out.write(big);
        }
        WorkflowRun run = jenkins.buildAndAssertSuccess(job);
        assertThat(remote.resolve("there/big")).hasBinaryContent(big);
        assertThat(remote.resolve("there/d1/f40")).hasContent("file 40");
        assertThat(workspace.child("back/d0/f99").readToString()).isEqualTo("file 99");
        assertThat(workspace.child("back/big").digest())
                .isEqualTo(workspace.child("out/big").digest());
        assertThat(JenkinsRule.getLog(run))
                .containsPattern("(?m)^101 files \\(20\\.0 MiB\\) copied to " + remote.toRealPath() + "/there on ")
                .containsPattern("(?m)^101 files \\(20\\.0 MiB\\) copied to back in the workspace in ");
    }

    @Test
    void linkOnAnAgentDoesNotLeadOutOfTheWorkspace() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        WorkflowJob job = pipeline(
                jenkins,
                "node('" + agent.getNodeName() + "') { sshPut host: '" + host(server) + "', into: '" + remote + "' }");
        FilePath workspace = agent.getWorkspaceFor(job);
        workspace.mkdirs();
        workspace.child("innocent.txt").symlinkTo("/etc/passwd", hudson.model.TaskListener.NULL);
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("ERROR: innocent.txt in the workspace leads out of the directory", run);
        assertThat(remote).isEmptyDirectory();
    }

    @Test
    void failureOnTheAgentIsToldInOneSentence() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        Files.writeString(remote.resolve("a"), "text");
        WorkflowJob job = pipeline(
                jenkins,
                "node('" + agent.getNodeName() + "') { sshGet host: '" + host(server) + "', from: '" + remote
                        + "', into: 'taken' }");
        agent.getWorkspaceFor(job).child("taken").write("a file", "UTF-8");
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("ERROR: taken in the workspace could not be copied: taken is no directory.", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    /** Jobs that use SSH Pipeline Steps go on as they were, and those that move can do so one by one. */
    @Test
    void stepOfThatNameOfAnotherPluginGoesFirstAndThisOneHasItsClassName() throws Exception {
        WorkflowJob job = pipeline(jenkins, """
                node {
                    sshPut()
                    steps.'%s'(host: '%s', from: 'a', into: '%s/there')
                }
                """.formatted(SshPutStep.class.getName(), host(server), remote));
        jenkins.jenkins.getWorkspaceFor(job).child("a").write("text", "UTF-8");
        jenkins.assertLogContains("put by another plugin", jenkins.buildAndAssertSuccess(job));
        assertThat(remote.resolve("there")).hasContent("text");
    }

    public static final class StepOfAnotherPlugin extends Step {

        @DataBoundConstructor
        public StepOfAnotherPlugin() {}

        @Override
        public StepExecution start(StepContext context) {
            return StepExecutions.synchronousVoid(
                    context, c -> c.get(TaskListener.class).getLogger().println("put by another plugin"));
        }

        @TestExtension("stepOfThatNameOfAnotherPluginGoesFirstAndThisOneHasItsClassName")
        public static final class DescriptorImpl extends StepDescriptor {

            @Override
            public String getFunctionName() {
                return "sshPut";
            }

            @Override
            public Set<? extends Class<?>> getRequiredContext() {
                return Set.of(TaskListener.class);
            }
        }
    }

    @Test
    void formKeepsEverything() throws Exception {
        SshPutStep step = new SshPutStep();
        step.setHost("me@web1:2222");
        step.setCredentialsId("web");
        step.setFrom("build/dist");
        step.setInto("/srv/shop");
        step.setIncludes("**/*.html");
        step.setExcludes(".git/");
        step.setFlatten(true);
        step.setOverwrite("different");
        step.setKeepPermissions(false);
        step.setKeepTimes(true);
        step.setTimeoutSeconds(600);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
        SshGetStep plain = new SshGetStep();
        plain.setFrom("/var/log/shop.log");
        jenkins.assertEqualDataBoundBeans(plain, new StepConfigTester(jenkins).configRoundTrip(plain));
    }

    @Test
    void snippetsAreShort() throws Exception {
        SnippetizerTester snippets = new SnippetizerTester(jenkins);
        SshPutStep put = new SshPutStep();
        put.setHost("web1");
        put.setFrom("dist");
        put.setInto("/srv");
        snippets.assertRoundTrip(put, "sshPut from: 'dist', host: 'web1', into: '/srv'");
        put.setKeepPermissions(false);
        snippets.assertRoundTrip(put, "sshPut from: 'dist', host: 'web1', into: '/srv', keepPermissions: false");
    }

    @Test
    void everyFieldOfTheFormsHasHelp() throws Exception {
        for (Class<?> step : List.of(SshPutStep.class, SshGetStep.class)) {
            for (DescribableParameter field : new DescribableModel<>(step).getParameters()) {
                String path = "descriptor/" + step.getName() + "/help/" + field.getName();
                assertThat(jenkins.createWebClient()
                                .goTo(path, "text/html")
                                .getWebResponse()
                                .getContentAsString())
                        .as(path)
                        .isNotBlank();
            }
        }
    }
}
