package io.jenkins.plugins.sshexec.freestyle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class SshCopyBuilderJenkinsTest {

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
    void filesComeAndGoWithBuildVariables() throws Exception {
        Files.createDirectories(remote.resolve("in"));
        Files.writeString(remote.resolve("in/a"), "text");
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("DIRECTORY", "out")));
        SshCopyBuilder get = new SshCopyBuilder(host(server));
        get.setFromHost(true);
        get.setFrom(remote + "/in");
        get.setInto("${DIRECTORY}");
        project.getBuildersList().add(get);
        SshCopyBuilder put = new SshCopyBuilder(host(server));
        put.setFrom("${DIRECTORY}");
        put.setInto(remote + "/${DIRECTORY}");
        project.getBuildersList().add(put);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);
        assertThat(build.getWorkspace().child("out/a").readToString()).isEqualTo("text");
        assertThat(remote.resolve("out/a")).hasContent("text");
    }

    @Test
    void formKeepsEverything() throws Exception {
        SshCopyBuilder builder = new SshCopyBuilder("me@web1:2222");
        builder.setCredentialsId("web");
        builder.setFromHost(true);
        builder.setFrom("/srv");
        builder.setInto("in");
        builder.setIncludes("**/*.log");
        builder.setExcludes("old/");
        builder.setFlatten(true);
        builder.setOverwrite("newer");
        builder.setKeepPermissions(false);
        builder.setKeepTimes(true);
        builder.setTimeoutSeconds(60);
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(builder);
        jenkins.configRoundtrip(project);
        jenkins.assertEqualDataBoundBeans(builder, project.getBuildersList().get(SshCopyBuilder.class));
    }
}
