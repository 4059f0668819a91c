package io.jenkins.plugins.sshexec.call;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.hosts.FolderHosts;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Sessions kept ready to named hosts, with the real credentials plugin, real folders and a real Jenkins around them. */
@WithJenkins
class ReadyHostsJenkinsTest {

    private static final String SCRIPT = "sshExec host: 'web1', command: 'true'";

    private JenkinsRule jenkins;
    private OpenSshServer server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = OpenSshServer.start();
        SshJenkins.trust(server);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private NamedHost host(String credentialsId) {
        NamedHost host = new NamedHost("web1");
        host.setAddress(server.endpoint().host());
        host.setPort(server.endpoint().port());
        host.setCredentialsId(credentialsId);
        host.setMinIdleSessions(1);
        return host;
    }

    @Test
    void theFirstBuildFindsASession() throws Exception {
        SshJenkins.addLogin(server, "web");
        SshExecConfiguration.get().setHosts(List.of(host("web")));
        ReadyLook.take();
        assertThat(server.logins()).isOne();
        jenkins.assertLogContains("(reused session)", jenkins.buildAndAssertSuccess(pipeline(jenkins, SCRIPT)));
        assertThat(server.logins()).isOne();
    }

    /** By their domain, as a build finds them. */
    @Test
    void credentialsNeedNotBeNamed() throws Exception {
        SshJenkins.addLogin(server, "web");
        SshExecConfiguration.get().setHosts(List.of(host(null)));
        ReadyLook.take();
        jenkins.assertLogContains("(reused session)", jenkins.buildAndAssertSuccess(pipeline(jenkins, SCRIPT)));
    }

    @Test
    void aHostOfAFolderIsLoggedInToWithTheCredentialsThere() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, "shop");
        SshJenkins.add(SshJenkins.folderStore(folder), SshJenkins.key("web", OpenSshServer.user(), server.userKey()));
        folder.addProperty(new FolderHosts(List.of(host("web"))));
        ReadyLook.take();
        assertThat(server.logins()).isOne();
        WorkflowJob job = SshJenkins.define(folder.createProject(WorkflowJob.class, "job"), SCRIPT);
        jenkins.assertLogContains("(reused session)", jenkins.buildAndAssertSuccess(job));
        assertThat(server.logins()).isOne();
    }

    @Test
    void aRotatedKeyGetsSessionsOfItsOwn() throws Exception {
        SshJenkins.add(SshJenkins.system(), SshJenkins.key("web", OpenSshServer.user(), server.userKey()));
        SshExecConfiguration.get().setHosts(List.of(host("web")));
        ReadyLook.take();
        TestKey rotated = TestKey.generate(TestKey.Type.ED25519);
        server.authorize(rotated);
        CredentialsStore store = SshJenkins.system();
        store.updateCredentials(
                Domain.global(),
                store.getCredentials(Domain.global()).get(0),
                SshJenkins.key("web", OpenSshServer.user(), rotated));
        ReadyLook.take();
        assertThat(server.logins()).isEqualTo(2);
        jenkins.assertLogContains("(reused session)", jenkins.buildAndAssertSuccess(pipeline(jenkins, SCRIPT)));
        assertThat(server.logins()).isEqualTo(2);
    }

    @Test
    void credentialsOfAUserAreForBuildsAlone() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        User alice = User.getOrCreateByIdOrFullName("alice");
        try (ACLContext ignored = ACL.as2(alice.impersonate2())) {
            for (CredentialsStore store : CredentialsProvider.lookupStores(alice)) {
                if (store.getContext() == alice) {
                    SshJenkins.add(store, SshJenkins.key("web", OpenSshServer.user(), server.userKey()));
                }
            }
        }
        SshExecConfiguration.get().setHosts(List.of(host("web")));
        ReadyLook.take();
        assertThat(server.connections()).isZero();
        NamedHost.DescriptorImpl descriptor = jenkins.jenkins.getDescriptorByType(NamedHost.DescriptorImpl.class);
        FormValidation answer = descriptor.doCheckMinIdleSessions(
                null,
                "1",
                "0",
                "web1",
                server.endpoint().host(),
                String.valueOf(server.endpoint().port()),
                "",
                "web");
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(answer.getMessage()).contains("cannot be used outside of a build");
    }

    @Test
    void whileJenkinsIsQuietingDownNoneIsOpened() throws Exception {
        SshJenkins.addLogin(server, "web");
        SshExecConfiguration.get().setHosts(List.of(host("web")));
        jenkins.jenkins.doQuietDown();
        ReadyLook.take();
        assertThat(server.connections()).isZero();
        jenkins.jenkins.doCancelQuietDown();
        ReadyLook.take();
        assertThat(ReadyLook.idle()).isOne();
    }
}
