package io.jenkins.plugins.sshexec.step;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.util.List;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step for scripts on a real Jenkins. */
@WithJenkins
class SshScriptStepJenkinsTest {

    @Test
    void formKeepsEverythingAndHasHelpForIt(JenkinsRule jenkins) throws Exception {
        SshScriptStep step = new SshScriptStep();
        step.setHost("me@web1:2222");
        step.setFile("deploy/release.sh");
        step.setText("echo one\necho two");
        step.setArgs(List.of("it's one", "[two]"));
        step.setInterpreter("bash -eu");
        step.setEnv(List.of("A=b"));
        step.setSudo(true);
        step.setLabel("Release");
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
        SshScriptStep plain = new SshScriptStep();
        plain.setText("uptime");
        jenkins.assertEqualDataBoundBeans(plain, new StepConfigTester(jenkins).configRoundTrip(plain));
        List<String> fields = new DescribableModel<>(SshScriptStep.class)
                .getParameters().stream().map(DescribableParameter::getName).toList();
        assertThat(fields).contains("host", "file", "text", "args", "interpreter", "env");
        for (String field : fields) {
            String path = "descriptor/" + SshScriptStep.class.getName() + "/help/" + field;
            assertThat(jenkins.createWebClient()
                            .goTo(path, "text/html")
                            .getWebResponse()
                            .getContentAsString())
                    .as(field)
                    .isNotBlank();
        }
    }

    @Test
    void snippetsAreShort(JenkinsRule jenkins) throws Exception {
        SshScriptStep step = new SshScriptStep();
        step.setHost("web1");
        step.setFile("release.sh");
        step.setArgs(List.of("1"));
        new SnippetizerTester(jenkins).assertRoundTrip(step, "sshScript args: ['1'], file: 'release.sh', host: 'web1'");
    }

    @Test
    void scriptComesFromTheWorkspaceOfAnAgent(JenkinsRule jenkins) throws Exception {
        try (OpenSshServer server = SshJenkins.startServer()) {
            jenkins.createOnlineSlave(hudson.model.Label.get("remote"));
            WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                    jenkins,
                    "node('remote') { writeFile file: 'bin/a.sh', text: 'echo \"<$1>\"'; sshScript host: '"
                            + host(server) + "', file: 'bin/a.sh', args: ['x y'] }"));
            jenkins.assertLogContains("(new session): a.sh x y\n", run);
            jenkins.assertLogContains("<x y>\n", run);
        }
    }
}
