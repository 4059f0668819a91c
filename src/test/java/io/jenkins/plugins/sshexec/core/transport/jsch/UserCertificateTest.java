package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.CertificateAuthority;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RawServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Format;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Login by a key with a certificate, at a server that knows the authority and not the key. */
class UserCertificateTest {

    private static final CertificateAuthority AUTHORITY = CertificateAuthority.generate(Type.ED25519);
    private static final TestKey KEY = TestKey.generate(Type.ED25519);
    private static final String NAME = OpenSshServer.user();

    @TempDir
    static Path directory;

    private static OpenSshServer server;

    private final TransportFixture fixture = new TransportFixture();

    @BeforeAll
    static void start() throws Exception {
        Path trusted =
                Files.writeString(directory.resolve("user_ca"), AUTHORITY.key().publicLine() + "\n");
        server = OpenSshServer.start("TrustedUserCAKeys " + trusted);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Type.class)
    void keyOfEachTypeLogsInByItsCertificate(Type type) throws Exception {
        TestKey key = TestKey.generate(type);
        login(key.privateText() + AUTHORITY.signUser(key, "-n", NAME) + "\n", "");
        assertThat(server.log()).anyMatch(line -> line.contains("Accepted publickey") && line.contains("-CERT"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void certificateMayStandBesideAKeyOfEachFormatUnderAPassphrase(Format format) throws Exception {
        TestKey key = TestKey.generate(Type.RSA, format, "a passphrase");
        login(AUTHORITY.signUser(key, "-n", NAME) + "\n" + key.privateText(), "a passphrase");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%2$s\n%1$s", "%1$s%2$s", "%1$s\n\n%2$s\r\n", "%2$s\r\n\r\n%1$s", "\n\n%2$s\n\n%1$s"})
    void certificateMayStandBeforeTheKeyOrAfterIt(String form) throws Exception {
        login(form.formatted(KEY.privateText(), certificate("-n", NAME)), "");
    }

    @Test
    void lineEndsOfWindowsDoNotMatter() throws Exception {
        login((KEY.privateText() + certificate("-n", NAME) + "\n").replace("\n", "\r\n"), "");
    }

    @Test
    void ofSeveralCertificatesEachIsTried() throws Exception {
        login(KEY.privateText() + certificate("-n", "nobody-here") + "\n" + certificate("-n", NAME) + "\n", "");
    }

    /** As ssh(1) does: the key may be in authorized_keys too. */
    @Test
    void keyItselfIsTriedAfterACertificateThatIsRefused() throws Exception {
        TestKey authorized = server.userKey();
        login(authorized.privateText() + AUTHORITY.signUser(authorized, "-n", "nobody-here"), "");
    }

    @Test
    void refusalNamesTheCertificateWithItsAuthorityAndUsers() {
        CertificateAuthority stranger = CertificateAuthority.generate(Type.ECDSA);
        String text = KEY.privateText() + stranger.signUser(KEY, "-n", "deploy,root");
        assertThatThrownBy(() -> login(text, ""))
                .asInstanceOf(throwable(LoginRefused.class))
                .satisfies(e -> assertThat(e.detail())
                        .contains("certificate \"test certificate\" for deploy, root by "
                                + stranger.key().toHostKey().fingerprint())
                        .contains(KEY.toHostKey().toString()));
    }

    @Test
    void expiredCertificateIsToldAsSuch() {
        assertUnusable(
                KEY.privateText() + certificate("-n", NAME, "-V", "20200101000000Z:20200102000000Z"),
                "the key has a certificate that expired at 2020-01-02T00:00:00Z: have the key signed again");
    }

    @Test
    void certificateOfTheFutureIsToldAsSuch() {
        assertUnusable(
                KEY.privateText() + certificate("-n", NAME, "-V", "20900101000000Z:20900102000000Z"),
                "the key has a certificate that is valid not before 2090-01-01T00:00:00Z");
    }

    @Test
    void certificateOfAnotherKeyIsToldAsSuch() {
        TestKey other = TestKey.generate(Type.ED25519);
        assertUnusable(
                KEY.privateText() + AUTHORITY.signUser(other, "-n", NAME),
                "the key has the certificate of another key beside it, that of "
                        + other.toHostKey().fingerprint());
    }

    @Test
    void certificateForHostsIsToldAsSuch() {
        assertUnusable(
                KEY.privateText() + AUTHORITY.signHost(KEY, "-n", NAME),
                "the key has a certificate for hosts beside it: use one for users");
    }

    @Test
    void tornCertificateIsToldAsSuchWhereverItIsTorn() {
        String[] words = certificate("-n", NAME).split(" ");
        String torn = words[0] + " " + words[1].replaceAll("=+$", "");
        int start = words[0].length() + 2;
        for (int length = start; length < torn.length(); length += 7) {
            assertUnusable(
                    torn.substring(0, length) + "\n" + KEY.privateText(),
                    "the key has a damaged certificate beside it");
        }
    }

    @Test
    void certificateWithoutAKeyIsNoPrivateKey() {
        assertUnusable(certificate("-n", NAME), "the key is no private key");
    }

    @Test
    void keyWhoseCertificateHasExpiredIsPassedOverWhereAnotherKeyIsGood() throws Exception {
        String expired = KEY.privateText() + certificate("-n", NAME, "-V", "-2d:-1d");
        KeyLogin login = new KeyLogin(
                NAME, List.of(privateKey(expired, ""), server.userKey().toPrivateKey()));
        try (SshSession session = fixture.connect(server.endpoint(), login)) {
            assertThat(session.isOpen()).isTrue();
        }
    }

    private static String certificate(String... options) {
        return AUTHORITY.signUser(KEY, options);
    }

    private static PrivateKey privateKey(String text, String passphrase) {
        return new PrivateKey(SecretBytes.of(text), SecretBytes.of(passphrase));
    }

    private void login(String text, String passphrase) throws SshException {
        KeyLogin login = new KeyLogin(NAME, List.of(privateKey(text, passphrase)));
        try (SshSession session = fixture.connect(server.endpoint(), login)) {
            assertThat(session.isOpen()).isTrue();
        }
    }

    /** To a port on which nobody listens: the certificate is judged before any packet is sent. */
    private void assertUnusable(String text, String detail) {
        KeyLogin login = new KeyLogin(NAME, List.of(privateKey(text, "")));
        assertThatThrownBy(() -> fixture.connect(RawServer.closedPort(), login))
                .asInstanceOf(throwable(UnusableKey.class))
                .satisfies(e -> assertThat(e.detail()).startsWith(detail));
    }
}
