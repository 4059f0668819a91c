package io.jenkins.plugins.sshexec.standalone.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;
import io.jenkins.plugins.sshexec.testing.RawServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;

/** The button "Test connection": what it says of each stage, and who may press it. */
class ConnectionFormTest {

    private EmbeddedController controller;
    private EmbeddedSshServer server;
    private EmbeddedJob job;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        controller = EmbeddedController.start(home);
        server = EmbeddedSshServer.start();
        job = new EmbeddedJob(controller.jenkins(), "job");
        SshExecConfiguration.get().setHostKeyVerification(new NoVerification());
        add(controller.jenkins(), "web", EmbeddedSshServer.PASSWORD);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        controller.close();
    }

    @Test
    void aHostThatCanBeReachedIsShownWithItsKeyAndNothingIsRunOnIt() {
        FormValidation answer = test(server.endpoint(), "web");
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(answer.getMessage())
                .startsWith("Logged in to " + server.endpoint() + " as " + EmbeddedSshServer.USER)
                .contains(server.hostKey().fingerprint(), "SSH-2.0-");
        assertThat(server.commands()).isEmpty();
        assertThat(SshPoolService.get().pool().snapshot().hosts()).allMatch(host -> host.leases() == 0);
    }

    @Test
    void aSecondTestUsesTheSessionOfTheFirst() {
        test(server.endpoint(), "web");
        assertThat(test(server.endpoint(), "web").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(server.logins()).isEqualTo(1);
    }

    private FormValidation testHost(String name, String port, String user, String credentialsId) {
        NamedHost.DescriptorImpl descriptor = ExtensionList.lookupSingleton(NamedHost.DescriptorImpl.class);
        return descriptor.doTestHost(null, name, "127.0.0.1", port, user, credentialsId, "", false);
    }

    @Test
    void aNamedHostIsTestedAsItStandsInItsForm() {
        String port = String.valueOf(server.endpoint().port());
        FormValidation answer = testHost("shop", port, "", "web");
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(answer.getMessage()).startsWith("Logged in to shop (" + server.endpoint() + ")");
        assertThat(testHost("shop", port, "nobody", "web").getMessage()).contains("refused the login of nobody");
        assertThat(testHost("shop", "0", "", "web").getMessage()).contains("Type a port from 1 to 65535.");
        assertThat(testHost("", port, "", "web").getMessage()).contains("Type the name by which builds call the host.");
        assertThat(server.commands()).isEmpty();
    }

    @Test
    void aNamedHostIsTestedWithTheVerificationThatIsSaved() {
        NamedHost saved = new NamedHost("shop");
        saved.setHostKeyVerification(new KnownHostsFileVerification());
        SshExecConfiguration.get().setHosts(List.of(saved));
        assertThat(testHost("shop", String.valueOf(server.endpoint().port()), "", "web")
                        .getMessage())
                .contains("The host key of", "is not known");
        assertThat(server.passwordAttempts()).isZero();
    }

    @Test
    void aNamedHostIsTestedForAdministratorsAlone() {
        controller.access().grant("configurer", Item.CONFIGURE, CredentialsProvider.USE_ITEM);
        try (ACLContext ignored = as("configurer")) {
            assertThatExceptionOfType(AccessDeniedException.class)
                    .isThrownBy(() ->
                            testHost("shop", String.valueOf(server.endpoint().port()), "", "web"));
        }
        assertThat(server.connections()).isZero();
    }

    @Test
    void nameLookUp() {
        assertThat(error("no-such-host.invalid", "web")).contains("(name look-up)");
    }

    @Test
    void tcp() throws Exception {
        assertThat(error(RawServer.closedPort().toString(), "web")).contains("(connecting)");
    }

    /** Connects that are cut off are tried again for so long. */
    private static void giveUpSoon() {
        SshExecConfiguration.get().setConnectTimeoutSeconds(3);
    }

    @Test
    void greeting() throws Exception {
        giveUpSoon();
        try (RawServer silent = RawServer.start(RawServer::readToEnd)) {
            assertThat(error(silent.endpoint().toString(), "web")).contains("(greeting)");
        }
    }

    @Test
    void keyExchange() throws Exception {
        giveUpSoon();
        try (RawServer curt = RawServer.start(socket -> socket.getOutputStream()
                .write("SSH-2.0-<b>curt</b>\r\nnot a packet".getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(error(curt.endpoint().toString(), "web")).contains("(key exchange)");
        }
    }

    @Test
    void hostKey() {
        SshExecConfiguration.get().setHostKeyVerification(new KnownHostsFileVerification());
        assertThat(error(server.endpoint().toString(), "web")).contains("The host key of", "is not known");
        assertThat(server.passwordAttempts()).isZero();
    }

    @Test
    void aRefusedLoginIsNotTriedAgain() throws Exception {
        add(controller.jenkins(), "wrong", "not-the-one");
        assertThat(error(server.endpoint().toString(), "wrong"))
                .contains("refused the login of " + EmbeddedSshServer.USER)
                .doesNotContain("not-the-one");
        assertThat(server.passwordAttempts()).isEqualTo(1);
    }

    @Test
    void channel() {
        server.onOpen(OnOpen.REFUSE);
        assertThat(error(server.endpoint().toString(), "web")).contains("refused to open a channel");
        assertThat(SshPoolService.get().pool().snapshot().retired()).isEmpty();
    }

    @Test
    void aSessionThatDoesNotAnswerIsNotKept() {
        SshExecConfiguration.get().setConnectTimeoutSeconds(3);
        server.onOpen(OnOpen.HANG);
        assertThat(error(server.endpoint().toString(), "web")).contains("no answer within 3 seconds");
        assertThat(SshPoolService.get().pool().snapshot().retired()).containsEntry(RetireReason.FAILED, 1L);
    }

    @Test
    void whatIsTypedIsEscaped() {
        assertThat(SshTargetForm.testConnection(job, "<script>alert(1)</script>", "web")
                        .renderHtml())
                .doesNotContain("<script>");
        assertThat(SshTargetForm.testConnection(job, server.endpoint().toString(), "<img src=x>")
                        .renderHtml())
                .doesNotContain("<img");
    }

    @Test
    void variablesAreLeftToABuild() {
        assertThat(SshTargetForm.testConnection(job, "$HOST", "web").kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(SshTargetForm.testConnection(job, "web1", "${LOGIN}").kind).isEqualTo(FormValidation.Kind.WARNING);
    }

    @Test
    void credentialsOfAnotherFolderAreNotUsed() throws Exception {
        EmbeddedFolder folder = controller.jenkins().add(new EmbeddedFolder(controller.jenkins(), "team"), "team");
        add(folder, "theirs", EmbeddedSshServer.PASSWORD);
        assertThat(error(server.endpoint().toString(), "theirs")).contains("There are no credentials \"theirs\"");
        assertThat(server.connections()).isZero();
        assertThat(SshTargetForm.testConnection(
                                new EmbeddedJob(folder, "job"),
                                server.endpoint().toString(),
                                "theirs")
                        .kind)
                .isEqualTo(FormValidation.Kind.OK);
    }

    @Test
    void whoMayNotConfigureTheJobConnectsNowhere() {
        controller.access().grant("reader", Item.READ, Item.EXTENDED_READ, CredentialsProvider.USE_ITEM);
        controller.access().grant("configurer", Item.CONFIGURE);
        assertDenied("reader", job);
        assertDenied("configurer", null);
        assertThat(server.connections()).isZero();
        try (ACLContext ignored = as("configurer")) {
            assertThat(test(server.endpoint(), "web").kind).isEqualTo(FormValidation.Kind.OK);
        }
    }

    @Test
    void aHostIsNotTestedTimeAndAgain() throws Exception {
        add(controller.jenkins(), "wrong", "not-the-one");
        for (int i = 0; i < 8; i++) {
            error(server.endpoint().toString(), "wrong");
        }
        assertThat(error(server.endpoint().toString(), "wrong")).contains("tested too often; try again in");
        assertThat(server.passwordAttempts()).isEqualTo(5);
    }

    private void assertDenied(String user, Item place) {
        try (ACLContext ignored = as(user)) {
            assertThatExceptionOfType(AccessDeniedException.class)
                    .isThrownBy(() -> SshTargetForm.testConnection(
                            place, server.endpoint().toString(), "web"));
        }
    }

    private static ACLContext as(String user) {
        return ACL.as2(new TestingAuthenticationToken(user, "", Collections.emptyList()));
    }

    private FormValidation test(Endpoint host, String credentialsId) {
        return SshTargetForm.testConnection(job, host.toString(), credentialsId);
    }

    private String error(String host, String credentialsId) {
        FormValidation answer = SshTargetForm.testConnection(job, host, credentialsId);
        assertThat(answer.kind).isEqualTo(FormValidation.Kind.ERROR);
        return answer.getMessage();
    }

    private static void add(ItemGroup<?> place, String id, String password) throws Exception {
        CredentialsStore store =
                CredentialsProvider.lookupStores(place).iterator().next();
        store.addCredentials(
                Domain.global(),
                new UsernamePasswordCredentialsImpl(
                        CredentialsScope.GLOBAL, id, null, EmbeddedSshServer.USER, password));
    }
}
