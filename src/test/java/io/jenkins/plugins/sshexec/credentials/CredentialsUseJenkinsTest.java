package io.jenkins.plugins.sshexec.credentials;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Whose builds may use which login, while a session with that login is open all the time. */
@WithJenkins
class CredentialsUseJenkinsTest {

    private JenkinsRule jenkins;
    private OpenSshServer server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = OpenSshServer.start();
        SshJenkins.trust(server);
        SshJenkins.add(SshJenkins.system(), SshJenkins.key("web", OpenSshServer.user(), server.userKey()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private WorkflowJob job(String name) throws Exception {
        return SshJenkins.define(
                jenkins.createProject(WorkflowJob.class, name),
                "sshExec host: '" + host(server) + "', credentialsId: 'web', command: 'echo ran'");
    }

    @Test
    void aBuildOfAUserWhoMayNotUseTheCredentialsIsDeniedTheOpenSession() throws Exception {
        jenkins.buildAndAssertSuccess(job("as-system"));
        WorkflowJob denied = job("denied");
        WorkflowJob allowed = job("allowed");
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .to("denied", "allowed")
                .grant(CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("allowed"));
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new MockQueueItemAuthenticator()
                        .authenticate(
                                "denied",
                                User.getOrCreateByIdOrFullName("denied").impersonate2())
                        .authenticate(
                                "allowed",
                                User.getOrCreateByIdOrFullName("allowed").impersonate2()));

        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, denied);
        jenkins.assertLogContains("There are no credentials \"web\" that this build may use", run);
        jenkins.assertLogNotContains("ran\n", run);
        assertThat(server.commands()).isEqualTo(1);

        jenkins.assertLogContains("(reused session)", jenkins.buildAndAssertSuccess(allowed));
    }

    @Test
    void aBuildAfterAChangeOfTheCredentialsUsesTheNewLogin() throws Exception {
        WorkflowJob job = job("job");
        jenkins.buildAndAssertSuccess(job);
        TestKey rotated = TestKey.generate(TestKey.Type.ED25519);
        server.authorize(rotated);
        CredentialsStore store = SshJenkins.system();
        store.updateCredentials(
                Domain.global(),
                store.getCredentials(Domain.global()).get(0),
                SshJenkins.key("web", OpenSshServer.user(), rotated));
        jenkins.assertLogContains("(new session)", jenkins.buildAndAssertSuccess(job));
        assertThat(server.log())
                .anyMatch(line -> line.contains("Accepted publickey")
                        && line.contains(rotated.toHostKey().fingerprint()));
    }

    @Test
    void aBuildAfterTheEndOfTheCredentialsFailsThoughASessionIsOpen() throws Exception {
        WorkflowJob job = job("job");
        jenkins.buildAndAssertSuccess(job);
        CredentialsStore store = SshJenkins.system();
        store.removeCredentials(
                Domain.global(), store.getCredentials(Domain.global()).get(0));
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("There are no credentials \"web\"", run);
        assertThat(server.commands()).isEqualTo(1);
    }

    @Test
    void systemScopeIsForTheControllerAlone() throws Exception {
        SshJenkins.add(
                SshJenkins.system(),
                new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "internal", "", "root", "pass-word"));
        WorkflowJob job = SshJenkins.define(
                jenkins.createProject(WorkflowJob.class, "job"),
                "sshExec host: '" + host(server) + "', credentialsId: 'internal', command: 'true'");
        jenkins.assertLogContains(
                "There are no credentials \"internal\" that this build may use",
                jenkins.buildAndAssertStatus(Result.FAILURE, job));
    }
}
