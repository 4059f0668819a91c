package io.jenkins.plugins.sshexec.standalone.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import hudson.BulkChange;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.hostkey.AcceptNewVerification;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Named hosts and the verification of all hosts are one setting: they are right together, or stay as they were. */
class HostSettingsTest {

    private EmbeddedController controller;
    private SshExecConfiguration configuration;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        controller = EmbeddedController.start(home);
        configuration = SshExecConfiguration.get();
    }

    @AfterEach
    void stop() throws Exception {
        controller.close();
    }

    @Test
    void aLaxerHostIsTakenBack() {
        configuration.setHosts(List.of(host("web1", null)));
        assertRefused(() -> configuration.setHosts(List.of(host("web2", new AcceptNewVerification()))));
        assertThat(configuration.getHosts()).map(NamedHost::getName).containsExactly("web1");
    }

    @Test
    void aVerificationThatMakesAHostLaxerIsTakenBack() {
        HostKeyVerification none = new NoVerification();
        configuration.setHostKeyVerification(none);
        configuration.setHosts(List.of(host("web1", new AcceptNewVerification())));
        assertRefused(() -> configuration.setHostKeyVerification(new KnownHostsFileVerification()));
        assertThat(configuration.getHostKeyVerification()).isSameAs(none);
    }

    @Test
    void bothMayBeChangedAtOnceInAnyOrder() throws Exception {
        try (BulkChange change = new BulkChange(configuration)) {
            configuration.setHosts(List.of(host("web1", new AcceptNewVerification())));
            configuration.setHostKeyVerification(new NoVerification());
            change.commit();
        }
        try (BulkChange change = new BulkChange(configuration)) {
            configuration.setHostKeyVerification(new KnownHostsFileVerification());
            configuration.setHosts(List.of(host("web2", null)));
            change.commit();
        }
        assertThat(configuration.getHosts()).map(NamedHost::getName).containsExactly("web2");
    }

    @Test
    void bothStayIfTheyAreWrongTogether() {
        HostKeyVerification before = configuration.getHostKeyVerification();
        BulkChange change = new BulkChange(configuration);
        configuration.setHosts(List.of(host("web1", new NoVerification())));
        configuration.setHostKeyVerification(new AcceptNewVerification());
        assertRefused(change::commit);
        assertThat(configuration.getHosts()).isEmpty();
        assertThat(configuration.getHostKeyVerification()).isSameAs(before);
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable change) {
        assertThatIllegalArgumentException()
                .isThrownBy(change)
                .withMessageContaining("The host key verification is laxer");
    }

    private static NamedHost host(String name, HostKeyVerification verification) {
        NamedHost host = new NamedHost(name);
        host.setHostKeyVerification(verification);
        return host;
    }
}
