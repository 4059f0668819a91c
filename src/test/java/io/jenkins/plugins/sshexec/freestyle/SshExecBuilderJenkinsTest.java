package io.jenkins.plugins.sshexec.freestyle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The build step on a real Jenkins and a real OpenSSH server. */
@WithJenkins
class SshExecBuilderJenkinsTest {

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

    private FreeStyleProject project(SshExecBuilder... builders) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        for (SshExecBuilder builder : builders) {
            project.getBuildersList().add(builder);
        }
        return project;
    }

    @Test
    void formKeepsEverything() throws Exception {
        SshExecBuilder builder = new SshExecBuilder("me@web1:2222", "first\nsecond $VERSION");
        builder.setCredentialsId("web");
        builder.setQuiet(true);
        builder.setEncoding("ISO-8859-1");
        builder.setUnstableOnNonZeroExit(true);
        builder.setTimeoutSeconds(600);
        builder.setIdleTimeoutSeconds(60);
        builder.setDurable(true);
        builder.setDurableDirectory("/var/tmp/jenkins");
        builder.setWorkingDirectory("/srv/$VERSION");
        builder.setEnv(List.of("FIRST=$VERSION", "SECOND=[c]"));
        builder.setPty("120x40");
        builder.setStdin("one\ntwo");
        builder.setStdinFile("data");
        builder.setSudo(true);
        builder.setSudoUser("postgres");
        builder.setSudoCredentialsId("deploy-password");
        FreeStyleProject project = jenkins.configRoundtrip(project(builder));
        jenkins.assertEqualDataBoundBeans(builder, project.getBuildersList().get(0));
        SshExecBuilder plain = new SshExecBuilder("web1", "uptime");
        jenkins.assertEqualDataBoundBeans(
                plain, jenkins.configRoundtrip(project(plain)).getBuildersList().get(0));
    }

    @Test
    void helpSaysThatADurableCommandsBuildDoesNotOutliveARestart() throws Exception {
        String path = "descriptor/" + SshExecBuilder.class.getName() + "/help/durable";
        assertThat(jenkins.createWebClient()
                        .goTo(path, "text/html")
                        .getWebResponse()
                        .getContentAsString())
                .contains("A freestyle build itself does not survive a restart of Jenkins");
    }

    @Test
    void aDurableCommandOutlivesItsConnection() throws Exception {
        Path go = server.directory().resolve("go");
        Path folders = server.directory().resolve("durable");
        SshExecBuilder builder = new SshExecBuilder(
                host(server), "echo begun; until [ -e " + go + " ]; do sleep 0.2; done; echo done; exit 3");
        builder.setDurable(true);
        builder.setDurableDirectory(folders.toString());
        FreeStyleBuild build = project(builder).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("\nbegun", build); // the line, not the command
        server.kill();
        jenkins.waitForMessage("goes on without its connection", build);
        Files.createFile(go);
        server.launch();
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("Following the command on 127.0.0.1 again.", build);
        jenkins.assertLogContains("ERROR: The command on 127.0.0.1 returned exit status 3.", build);
        assertThat(build.getLog(100)).containsOnlyOnce("begun", "done");
        assertThat(folders).isEmptyDirectory();
    }

    @Test
    void buildVariablesAreExpandedAndOthersLeftToTheShell() throws Exception {
        FreeStyleProject project = project(
                new SshExecBuilder("${TARGET}", "echo $GREETING from $BUILD_NUMBER; REMOTE=there; echo over $REMOTE"));
        project.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("TARGET", host(server)),
                new StringParameterDefinition("GREETING", "hello")));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);
        jenkins.assertLogContains("hello from 1", build);
        jenkins.assertLogContains("over there", build);
    }

    @Test
    void whatGoesWithTheCommandHasBuildVariablesAndFilesOfTheWorkspace() throws Exception {
        SshExecBuilder typed = new SshExecBuilder(host(server), "echo \"$A in $(pwd): $(cat)\"");
        typed.setEnv(List.of("A=number $BUILD_NUMBER"));
        typed.setWorkingDirectory("/usr/bin");
        typed.setStdin("text of $BUILD_NUMBER");
        SshExecBuilder file = new SshExecBuilder(host(server), "cat");
        file.setStdinFile("data-$BUILD_NUMBER");
        file.setPty("120x40");
        FreeStyleProject project = project(typed, file);
        jenkins.jenkins.getWorkspaceFor(project).child("data-1").write("of the workspace\n", "UTF-8");
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);
        jenkins.assertLogContains("number 1 in /usr/bin: text of 1\n", build);
        jenkins.assertLogContains("of the workspace", build);
    }

    @Test
    void theFormOffersPasswordsForSudoAndChecksItsUser() throws Exception {
        SshJenkins.add(
                SshJenkins.system(),
                new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "sudo", "of sudo", "any", "pass-word"));
        JenkinsRule.WebClient browser = jenkins.createWebClient();
        String descriptor = project().getUrl() + "descriptorByName/" + SshExecBuilder.class.getName() + "/";
        assertThat(post(browser, descriptor + "fillSudoCredentialsIdItems?host=" + host(server)))
                .contains("of sudo")
                .doesNotContain("web");
        assertThat(post(browser, descriptor + "checkSudoUser?value=no+user")).contains("class=\"error\"", "no user");
    }

    private String post(JenkinsRule.WebClient browser, String path) throws Exception {
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), path), HttpMethod.POST);
        browser.addCrumb(request);
        return browser.getPage(request).getWebResponse().getContentAsString();
    }

    @Test
    void exitStatusFailsTheBuild() throws Exception {
        FreeStyleBuild build =
                jenkins.buildAndAssertStatus(Result.FAILURE, project(new SshExecBuilder(host(server), "exit 3")));
        jenkins.assertLogContains("ERROR: The command on 127.0.0.1 returned exit status 3.", build);
        jenkins.assertLogNotContains("\tat ", build);
    }

    @Test
    void exitStatusMakesTheBuildUnstableByChoice() throws Exception {
        SshExecBuilder failing = new SshExecBuilder(host(server), "exit 3");
        failing.setUnstableOnNonZeroExit(true);
        FreeStyleBuild build = jenkins.buildAndAssertStatus(
                Result.UNSTABLE, project(failing, new SshExecBuilder(host(server), "echo went on")));
        jenkins.assertLogContains("ERROR: The command on 127.0.0.1 returned exit status 3.", build);
        jenkins.assertLogContains("\nwent on\n", build);
    }

    @Test
    void aCommandThatCannotRunFailsTheBuildWhateverTheChoice() throws Exception {
        SshExecBuilder builder = new SshExecBuilder("no such host", "true");
        builder.setUnstableOnNonZeroExit(true);
        FreeStyleBuild build = jenkins.buildAndAssertStatus(Result.FAILURE, project(builder));
        jenkins.assertLogContains("Type [user@]host[:port]", build);
    }

    @Test
    void twoJobsShareOneSession() throws Exception {
        FreeStyleBuild first = jenkins.buildAndAssertSuccess(project(new SshExecBuilder(host(server), "true")));
        FreeStyleBuild second = jenkins.buildAndAssertSuccess(project(new SshExecBuilder(host(server), "true")));
        jenkins.assertLogContains("(new session)", first);
        jenkins.assertLogContains("(reused session)", second);
        assertThat(server.logins()).isEqualTo(1);
    }

    @Test
    void stoppingTheBuildEndsIt() throws Exception {
        Path started = server.directory().resolve("started");
        FreeStyleProject project = project(new SshExecBuilder(host(server), "touch " + started + "; exec sleep 1000"));
        FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
        await().until(() -> Files.exists(started));
        build.getExecutor().interrupt();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        assertThat(SshPoolService.get().pool().snapshot().hosts()).allMatch(host -> host.leases() == 0);
    }

    @Test
    void whoMayNotUseTheCredentialsCannotPassThemAsAParameter() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .to("bob"));
        SshExecBuilder builder = new SshExecBuilder(host(server), "echo I am in");
        builder.setCredentialsId("${CRED}");
        FreeStyleProject project = project(builder);
        project.addProperty(new ParametersDefinitionProperty(new CredentialsParameterDefinition(
                "CRED", "", null, StandardUsernameCredentials.class.getName(), false)));
        FreeStyleBuild build;
        try (ACLContext ignored = ACL.as(User.getOrCreateByIdOrFullName("bob"))) {
            build = jenkins.assertBuildStatus(
                    Result.FAILURE,
                    project.scheduleBuild2(
                            0,
                            new Cause.UserIdCause("bob"),
                            new ParametersAction(new CredentialsParameterValue("CRED", "web", ""))));
        }
        jenkins.assertLogContains("There are no credentials \"${CRED}\" that this build may use", build);
    }

    @Test
    void theLogShowsVariablesAndNotTheirValues() throws Exception {
        FreeStyleProject project = project(new SshExecBuilder(host(server), "true $SECRET"));
        project.addProperty(
                new ParametersDefinitionProperty(new PasswordParameterDefinition("SECRET", "pass-word", "")));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);
        jenkins.assertLogContains("true $SECRET", build);
        jenkins.assertLogNotContains("pass-word", build);
    }
}
