package io.jenkins.plugins.sshexec;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.slaves.EnvironmentVariablesNodeProperty.Entry;
import io.jenkins.plugins.sshexec.testing.Scenario;
import io.jenkins.plugins.sshexec.testing.ScenarioStage;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The scenarios on a real Jenkins: the same files that the other build runs on its embedded controller. */
@WithJenkins
class ScenariosJenkinsTest {

    @TestFactory
    Stream<DynamicTest> scenario(JenkinsRule jenkins) {
        return Scenario.all().stream()
                .map(scenario ->
                        DynamicTest.dynamicTest(scenario.name(), scenario.source(), () -> run(jenkins, scenario)));
    }

    private static void run(JenkinsRule jenkins, Scenario scenario) throws Exception {
        Folder folder =
                scenario.folder() == null ? null : jenkins.jenkins.createProject(Folder.class, scenario.folder());
        try (ScenarioStage stage = ScenarioStage.set(scenario, folder)) {
            jenkins.jenkins
                    .getGlobalNodeProperties()
                    .replaceBy(List.of(new EnvironmentVariablesNodeProperty(stage.environment().entrySet().stream()
                            .map(variable -> new Entry(variable.getKey(), variable.getValue()))
                            .toList())));
            WorkflowJob job = SshJenkins.define(
                    folder == null
                            ? jenkins.createProject(WorkflowJob.class, scenario.name())
                            : folder.createProject(WorkflowJob.class, scenario.name()),
                    scenario.script(stage.environment()));
            WorkflowRun run = null;
            for (int i = 0; i < scenario.builds(); i++) {
                run = jenkins.waitForCompletion(job.scheduleBuild2(0).waitForStart());
            }
            scenario.check(run.getResult().toString(), JenkinsRule.getLog(run), stage.environment());
        } finally {
            SystemCredentialsProvider.getInstance().getDomainCredentialsMap().clear();
            if (folder != null) {
                folder.delete();
            }
        }
    }
}
