package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.hostkey.HostKeys.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.HostCertificateRefused;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostProof;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.jsch.JschTransport;
import io.jenkins.plugins.sshexec.testing.CertificateAuthority;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates of hosts, on the server that users have and from known_hosts lines to the session. */
class HostCertificateTest {

    private static final String NAME = "127.0.0.1";
    private static final TestKey HOST = TestKey.generate(Type.ED25519);
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.generate(Type.ED25519);
    private static final CertificateAuthority STRANGER = CertificateAuthority.generate(Type.ED25519);

    @TempDir
    private Path directory;

    private OpenSshServer server;

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Type.class)
    void certificateOfANamedAuthorityIsAcceptedWhateverTheTypesOfTheKeys(Type type) throws Exception {
        TestKey host = TestKey.generate(type);
        CertificateAuthority authority = CertificateAuthority.generate(type);
        start(host, authority.signHost(host, "-n", "web1," + NAME));
        HostProof proof = connect(given("@cert-authority [127.0.0.*]:* " + publicKey(authority)));
        assertThat(proof.type()).endsWith("-cert-v01@openssh.com");
        assertThat(proof.fingerprint()).isEqualTo(authority.key().toHostKey().fingerprint());
    }

    @Test
    void nameOfTheHostInACertificateMayBeAPattern() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", "web1,127.0.*"));
        assertThat(connect(given("@cert-authority * " + publicKey(AUTHORITY))))
                .isInstanceOf(HostProof.Certificate.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-n web1          | invalid principal",
                "-n web1,*.web1   | invalid principal",
                "                 | allowed principals list is null or empty",
                "-n 127.0.0.1 -V -2d:-1d    | expired or not yet valid",
                "-n 127.0.0.1 -V +1d:+2d    | expired or not yet valid",
                "-n 127.0.0.1 -O critical:never-heard-of | unrecognized critical options"
            })
    void certificateThatIsNotGoodIsRefusedWithTheReason(String options, String reason) throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, options == null ? new String[0] : options.split(" ")));
        assertCertificateRefused(given("@cert-authority * " + publicKey(AUTHORITY)), reason);
    }

    /** Else whoever was given an expired certificate could go on by having its key accepted as a first contact. */
    @Test
    void acceptNewTakesNoKeyOfACertificateThatIsNotGood() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", NAME, "-V", "-2d:-1d"));
        Path file = directory.resolve("known_hosts");
        String before = "@cert-authority * " + publicKey(AUTHORITY) + "\n";
        Files.writeString(file, before);
        assertCertificateRefused(new AcceptNewPolicy(file), "expired");
        assertThat(file).content().isEqualTo(before);
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() throws Exception {
        start(HOST, STRANGER.signHost(HOST, "-n", NAME));
        assertCertificateRefused(
                given("@cert-authority * " + publicKey(AUTHORITY)), "Certification Authority not in the known hosts");
    }

    @Test
    void authorityOfOtherHostsDoesNotCount() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", NAME));
        HostKeyPolicy policy = given("@cert-authority *.example.org " + publicKey(AUTHORITY));
        assertThatThrownBy(() -> connect(policy))
                .asInstanceOf(throwable(HostKeyRefused.class))
                .satisfies(e -> assertThat(e.verdict().cause()).isEqualTo(Cause.UNKNOWN));
    }

    @Test
    void certificateOfARevokedAuthorityIsRefused() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", NAME));
        String revoked = "@revoked * " + publicKey(AUTHORITY);
        String trusted = "@cert-authority * " + publicKey(AUTHORITY);
        assertThatThrownBy(() -> connect(given(trusted, revoked)))
                .asInstanceOf(throwable(HostKeyRefused.class))
                .satisfies(e -> assertThat(e.verdict().cause()).isEqualTo(Cause.UNKNOWN));
        assertCertificateRefused(
                given(trusted, revoked, "@cert-authority * " + publicKey(STRANGER)),
                "not in the known hosts or revoked");
    }

    @Test
    void certificateOfARevokedKeyIsRefused() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", NAME));
        assertCertificateRefused(
                given(
                        "@cert-authority * " + publicKey(AUTHORITY),
                        "@revoked * " + line("", HOST.toHostKey()).strip()),
                "marked as revoked");
    }

    @Test
    void noCertificateIsTrustedWhileARevocationCannotBeRead() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", NAME));
        HostKeyPolicy policy = file("@cert-authority * " + publicKey(AUTHORITY), "@revoked * ssh-ed25519 AAAA");
        assertThatThrownBy(() -> connect(policy))
                .asInstanceOf(throwable(HostKeyRefused.class))
                .satisfies(e -> assertThat(e.verdict().cause()).isEqualTo(Cause.UNREADABLE));
    }

    @Test
    void certificateOfAUserIsRefused() throws Exception {
        start(HOST, AUTHORITY.signUser(HOST, "-n", NAME));
        assertCertificateRefused(given("@cert-authority * " + publicKey(AUTHORITY)), "user certificate");
    }

    @Test
    void hostWithoutACertificateIsCheckedByItsKey() throws Exception {
        start(HOST, null);
        HostKeyPolicy policy = given("@cert-authority * " + publicKey(AUTHORITY), line("*", HOST.toHostKey()));
        assertThat(connect(policy)).isEqualTo(new HostProof.Key(HOST.toHostKey()));
    }

    /** JSch tells nobody that a certificate was good, so a refused login must still be known as one. */
    @Test
    void loginThatIsRefusedBehindACertificateIsNoRefusedCertificate() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", NAME));
        HostKeyPolicy policy = given("@cert-authority * " + publicKey(AUTHORITY));
        assertThatThrownBy(() -> connect(policy, OpenSshServer.loginWith(TestKey.generate(Type.ED25519))))
                .isInstanceOf(LoginRefused.class);
    }

    @Test
    void openSessionIsGoodForAsLongAsTheAuthoritiesStay() throws Exception {
        start(HOST, AUTHORITY.signHost(HOST, "-n", NAME));
        Endpoint endpoint = server.endpoint();
        HostKeyPolicy policy = file("@cert-authority * " + publicKey(AUTHORITY));
        HostProof proof = connect(policy);
        assertThat(proof.isAcceptedBy(policy, endpoint)).isTrue();
        file("# more lines", "@cert-authority * " + publicKey(AUTHORITY), line("web1", HOST.toHostKey()));
        assertThat(proof.isAcceptedBy(policy, endpoint)).isTrue();
        file("@cert-authority * " + publicKey(AUTHORITY), "@revoked * " + publicKey(STRANGER));
        assertThat(proof.isAcceptedBy(policy, endpoint)).isFalse();
        file("@cert-authority * " + publicKey(STRANGER));
        assertThat(proof.isAcceptedBy(policy, endpoint)).isFalse();
    }

    /** @param certificate null for none */
    private void start(TestKey key, String certificate) throws IOException {
        List<String> config = new ArrayList<>();
        if (certificate != null) {
            Path file = Files.writeString(directory.resolve("host-cert.pub"), certificate + "\n");
            config.add("HostCertificate " + file);
        }
        server = OpenSshServer.startWithHostKeys(List.of(key), config.toArray(String[]::new));
    }

    private static String publicKey(CertificateAuthority authority) {
        return line("", authority.key().toHostKey()).strip();
    }

    private static HostKeyPolicy given(String... lines) {
        GivenKeysVerification verification = new GivenKeysVerification();
        verification.setKeys(String.join("\n", lines));
        return verification.policy("a test");
    }

    /** The same file each time. */
    private HostKeyPolicy file(String... lines) throws IOException {
        Path file = Files.write(directory.resolve("known_hosts"), List.of(lines));
        return KnownHostsPolicy.ofFiles(List.of(file));
    }

    private void assertCertificateRefused(HostKeyPolicy policy, String reason) {
        long loginsBefore = server.logins();
        assertThatThrownBy(() -> connect(policy))
                .asInstanceOf(throwable(HostCertificateRefused.class))
                .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.HOST_KEY))
                .satisfies(e -> assertThat(e.detail()).contains(reason));
        assertThat(server.logins()).isEqualTo(loginsBefore);
    }

    private HostProof connect(HostKeyPolicy policy) throws SshException {
        return connect(policy, server.login());
    }

    private HostProof connect(HostKeyPolicy policy, Login login) throws SshException {
        SessionSpec spec = SessionSpec.of(server.endpoint(), login, policy, new LoginFingerprint.Maker());
        JschTransport transport = new JschTransport(Duration.ZERO, Thread::new, NanoClock.SYSTEM);
        try (SshSession session = transport.connect(spec, Duration.ofSeconds(30), new Cancellation())) {
            return session.facts().hostProof();
        } finally {
            login.wipe();
        }
    }
}
