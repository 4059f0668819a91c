package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.hosts.FolderHosts;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedFolder;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.standalone.pipeline.PipelineScript;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.LogLines;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.authentication.TestingAuthenticationToken;

/** Sessions kept ready to named hosts, from the setting to the server. */
@Timeout(120)
class ReadyHostsTest {

    private final LogLines log = new LogLines(ReadyHosts.class);

    private EmbeddedController controller;
    private EmbeddedSshServer server;
    private EmbeddedFolder folder;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        controller = EmbeddedController.start(home);
        server = EmbeddedSshServer.start();
        server.runs(call -> call.exit(0));
        folder = controller.jenkins().add(new EmbeddedFolder(controller.jenkins(), "shop"), "shop");
        SshExecConfiguration.get().setHostKeyVerification(new NoVerification());
    }

    @AfterEach
    void stop() throws Exception {
        log.close();
        controller.close();
        server.close();
    }

    private static NamedHost host(Endpoint endpoint, int ready) {
        NamedHost host = new NamedHost("web1");
        host.setAddress(endpoint.host());
        host.setPort(endpoint.port());
        host.setCredentialsId("web");
        host.setMinIdleSessions(ready);
        return host;
    }

    private String run(ItemGroup<?> place, String script) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        new PipelineScript("Jenkinsfile", script)
                .run(
                        new EmbeddedRun(new EmbeddedJob(place, "job")),
                        new StreamTaskListener(written, StandardCharsets.UTF_8),
                        Map.of());
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstCommandFindsASessionThatIsLoggedIn() throws Exception {
        try (OpenSshServer sshd = OpenSshServer.start()) {
            add(
                    controller.jenkins(),
                    new BasicSSHUserPrivateKey(
                            CredentialsScope.GLOBAL,
                            "web",
                            OpenSshServer.user(),
                            new DirectEntryPrivateKeySource(sshd.userKey().privateText()),
                            null,
                            null));
            SshExecConfiguration.get().setHosts(List.of(host(sshd.endpoint(), 1)));
            ReadyLook.take();
            assertThat(ReadyLook.idle()).isOne();
            assertThat(sshd.logins()).isOne();

            String told = run(controller.jenkins(), "sshExec host: 'web1', command: 'echo hello'");

            assertThat(told).contains("(reused session)", "\nhello\n", "Finished: SUCCESS");
            assertThat(sshd.logins()).isOne();
            assertThat(sshd.connections()).isOne();
        }
    }

    @Test
    void whatACommandHasTakenIsThereAgain() throws Exception {
        add(controller.jenkins(), password("web", CredentialsScope.GLOBAL));
        SshExecConfiguration.get().setHosts(List.of(host(server.endpoint(), 2)));
        ReadyLook.take();
        assertThat(server.logins()).isEqualTo(2);
        SshPoolService.get().operations().evictIdle();
        ReadyLook.take();
        assertThat(ReadyLook.idle()).isEqualTo(2);
        assertThat(server.logins()).isEqualTo(4);
    }

    @Test
    void aHostOfAFolderIsLoggedInToWithTheCredentialsThere() throws Exception {
        add(folder, password("web", CredentialsScope.GLOBAL));
        folder.addProperty(new FolderHosts(List.of(host(server.endpoint(), 1))));
        ReadyLook.take();
        assertThat(server.logins()).isOne();
        assertThat(run(folder, "sshExec host: 'web1', command: 'true'")).contains("(reused session)");
        assertThat(server.logins()).isOne();
        assertThat(controller.credentialsUses()).as("by builds").hasSize(1);
    }

    @Test
    void credentialsThatNoBuildNeedsToFindAreToldOnceAndAgainWhenTheyAreThere() throws Exception {
        add(folder, password("web", CredentialsScope.GLOBAL));
        SshExecConfiguration.get().setHosts(List.of(host(server.endpoint(), 1)));
        ReadyLook.take();
        ReadyLook.take();
        assertThat(log.seen())
                .singleElement()
                .asString()
                .startsWith("WARNING No session is kept ready to the host \"web1\" of the system configuration")
                .contains("There are no credentials \"web\"");
        assertThat(server.connections()).isZero();

        add(controller.jenkins(), password("web", CredentialsScope.GLOBAL));
        ReadyLook.take();

        assertThat(ReadyLook.idle()).isOne();
        assertThat(log.seen()).hasSize(2).last().asString().startsWith("INFO");
    }

    @Test
    void credentialsOfTheControllerItselfAreForNoHost() throws Exception {
        add(controller.jenkins(), password("web", CredentialsScope.SYSTEM));
        SshExecConfiguration.get().setHosts(List.of(host(server.endpoint(), 1)));
        ReadyLook.take();
        assertThat(log.seen()).singleElement().asString().contains("There are no credentials \"web\"");
        assertThat(server.connections()).isZero();
    }

    @Test
    void oneHostThatFailsHoldsUpNoOther() throws Exception {
        add(controller.jenkins(), password("web", CredentialsScope.GLOBAL));
        NamedHost without = new NamedHost("web0");
        without.setCredentialsId("none");
        without.setMinIdleSessions(1);
        SshExecConfiguration.get().setHosts(List.of(without, host(server.endpoint(), 1)));
        ReadyLook.take();
        assertThat(ReadyLook.idle()).isOne();
    }

    @Test
    void withoutTheSettingNothingIsOpened() throws Exception {
        add(controller.jenkins(), password("web", CredentialsScope.GLOBAL));
        SshExecConfiguration.get().setHosts(List.of(host(server.endpoint(), 0)));
        ReadyLook.take();
        assertThat(server.connections()).isZero();
    }

    @Test
    void theFormSaysWhatToTypeAndWhatWillNotBe() throws Exception {
        assertThat(check(null, "101", "").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(check(null, "3", "2").getMessage()).contains("from 1 to 2");
        assertThat(check(null, "many", "").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(check(null, "0", "").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(check(null, "", "").kind).isEqualTo(FormValidation.Kind.OK);

        FormValidation noCredentials = check(null, "1", "");
        assertThat(noCredentials.kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(noCredentials.getMessage())
                .contains("cannot be used outside of a build", "There are no credentials");

        add(controller.jenkins(), password("web", CredentialsScope.GLOBAL));
        assertThat(check(null, "1", "").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(check(null, "9", "").getMessage()).contains("Only 8 are kept ready");
        assertThat(check(null, "9", "10").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(check(folder, "9", "10").getMessage()).contains("Only 8 are kept ready");
    }

    @Test
    void whoMayNotEditTheHostLearnsNothing() {
        controller.access().grant("configurer", Item.CONFIGURE);
        controller.access().grant("reader", Item.READ, CredentialsProvider.USE_ITEM);
        for (String user : List.of("configurer", "reader")) {
            try (ACLContext ignored = ACL.as2(new TestingAuthenticationToken(user, "", Collections.emptyList()))) {
                assertThat(check(null, "1", "").kind).isEqualTo(FormValidation.Kind.OK);
                assertThat(check(folder, "1", "").kind)
                        .isEqualTo(user.equals("reader") ? FormValidation.Kind.OK : FormValidation.Kind.WARNING);
            }
        }
    }

    private FormValidation check(Item place, String number, String sessionsPerHost) {
        NamedHost.DescriptorImpl descriptor = ExtensionList.lookupSingleton(NamedHost.DescriptorImpl.class);
        return descriptor.doCheckMinIdleSessions(
                place,
                number,
                sessionsPerHost,
                "web1",
                server.endpoint().host(),
                String.valueOf(server.endpoint().port()),
                "",
                "web");
    }

    private static UsernamePasswordCredentialsImpl password(String id, CredentialsScope scope) throws Exception {
        return new UsernamePasswordCredentialsImpl(scope, id, null, EmbeddedSshServer.USER, EmbeddedSshServer.PASSWORD);
    }

    private static void add(ItemGroup<?> place, StandardCredentials credentials) throws Exception {
        CredentialsProvider.lookupStores(place).iterator().next().addCredentials(Domain.global(), credentials);
    }
}
