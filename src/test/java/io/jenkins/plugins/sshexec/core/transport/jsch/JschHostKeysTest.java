package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostProof;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JschHostKeysTest {

    private static final TestKey ED25519 = TestKey.generate(Type.ED25519);
    private static final TestKey ECDSA = TestKey.generate(Type.ECDSA);
    private static final TestKey RSA = TestKey.generate(Type.RSA);

    private static OpenSshServer server;

    private final TransportFixture fixture = new TransportFixture();

    @BeforeAll
    static void start() throws Exception {
        server = OpenSshServer.startWithHostKeys(List.of(ED25519, ECDSA, RSA));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusedKeyIsNamedAndNobodyLogsIn(Cause cause) {
        long loginsBefore = server.logins();
        assertThatThrownBy(() -> connect(Policies.refuse(cause)))
                .asInstanceOf(throwable(HostKeyRefused.class))
                .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.HOST_KEY))
                .satisfies(e -> assertThat(e.offered()).isEqualTo(ED25519.toHostKey()))
                .satisfies(e -> assertThat(e.verdict().cause()).isEqualTo(cause))
                .hasMessageContaining(ED25519.toHostKey().fingerprint());
        assertThat(server.logins()).isEqualTo(loginsBefore);
    }

    @Test
    void acceptedKeyIsAmongTheFacts() throws Exception {
        assertThat(connect(Policies.acceptAny())).isEqualTo(ED25519.toHostKey());
    }

    /** So that a server with several keys shows the one that the policy can judge. */
    @Test
    void knownTypesAreAskedForFirst() throws Exception {
        assertThat(connect(Policies.knowing("ecdsa-sha2-nistp256"))).isEqualTo(ECDSA.toHostKey());
        assertThat(connect(Policies.knowing("ssh-rsa", "ssh-ed25519"))).isEqualTo(RSA.toHostKey());
        assertThat(connect(Policies.knowing("ssh-dss", "ssh-ed25519"))).isEqualTo(ED25519.toHostKey());
    }

    @Test
    void proposalHasNoCertificatesAndKeepsTheOrderOtherwise() {
        JschHostKeys keys =
                new JschHostKeys(server.endpoint(), Policies.knowing("ssh-rsa"), new JschLog(server.endpoint()));
        assertThat(keys.proposal(
                        "ssh-ed25519-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256"))
                .isEqualTo("rsa-sha2-512,rsa-sha2-256,ssh-ed25519,ecdsa-sha2-nistp256");
    }

    @Test
    void certificatesAreProposedFirstWhereThereIsAnAuthority() {
        JschHostKeys keys = new JschHostKeys(
                server.endpoint(),
                Policies.trusting(new CertificateTrust(Set.of(RSA.toHostKey()), Set.of()), "ssh-rsa"),
                new JschLog(server.endpoint()));
        assertThat(keys.proposal("ssh-ed25519,rsa-sha2-512"))
                .isEqualTo("ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com"
                        + ",rsa-sha2-512,ssh-ed25519");
    }

    private HostKey connect(HostKeyPolicy policy) throws Exception {
        try (SshSession session = fixture.connect(server.endpoint(), server.login(), policy)) {
            return ((HostProof.Key) session.facts().hostProof()).key();
        }
    }
}
