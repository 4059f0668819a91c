package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.Auth;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Format;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LoginTest {

    private static final String PASSPHRASE = "pass phräse";

    private final TransportFixture fixture = new TransportFixture();

    /** Against the server that users have. */
    @Nested
    class ByKey {

        static OpenSshServer server;

        @BeforeAll
        static void start() throws Exception {
            server = OpenSshServer.start();
        }

        @AfterAll
        static void stop() throws Exception {
            if (server != null) {
                server.close();
            }
        }

        static Stream<Arguments> keys() {
            return Arrays.stream(Type.values()).flatMap(type -> Arrays.stream(Format.values())
                    // ssh-keygen writes Ed25519 keys in OpenSSH's format whatever it is asked for.
                    .filter(format -> type != Type.ED25519 || format == Format.OPENSSH)
                    .flatMap(format ->
                            Stream.of("", PASSPHRASE).map(passphrase -> Arguments.of(type, format, passphrase))));
        }

        @ParameterizedTest
        @MethodSource("keys")
        void everyTypeAndFormat(Type type, Format format, String passphrase) throws Exception {
            TestKey key = TestKey.generate(type, format, passphrase);
            server.authorize(key);
            login(OpenSshServer.loginWith(key));
        }

        @Test
        void keysAreTriedInTheirOrder() throws Exception {
            TestKey stranger = TestKey.generate(Type.ED25519);
            login(OpenSshServer.loginWith(stranger, server.userKey()));
        }

        @Test
        void unusableKeyIsPassedOver() throws Exception {
            TestKey locked = TestKey.generate(Type.ED25519, Format.OPENSSH, PASSPHRASE);
            login(new KeyLogin(
                    OpenSshServer.user(),
                    List.of(locked.toPrivateKey("wrong"), server.userKey().toPrivateKey())));
        }

        @Test
        void refusalNamesTheKeyAndWhatTheServerOffers() {
            TestKey stranger = TestKey.generate(Type.ECDSA);
            assertThatThrownBy(() -> login(OpenSshServer.loginWith(stranger)))
                    .asInstanceOf(throwable(LoginRefused.class))
                    .satisfies(e -> assertThat(e.user()).isEqualTo(OpenSshServer.user()))
                    .satisfies(e -> assertThat(e.detail())
                            .contains(stranger.toHostKey().fingerprint(), "the server offers publickey"));
        }

        @Test
        void passwordIsNotTriedWhereOnlyKeysAreTaken() {
            assertThatThrownBy(() -> login(EmbeddedSshServer.login()))
                    .asInstanceOf(throwable(LoginRefused.class))
                    .satisfies(e -> assertThat(e.detail()).isEqualTo("tried a password; the server offers publickey"));
        }

        private void login(Login login) throws SshException {
            LoginTest.this.login(server.endpoint(), login);
        }
    }

    @Nested
    class UnusableKeys {

        @ParameterizedTest
        @MethodSource("io.jenkins.plugins.sshexec.core.transport.jsch.LoginTest#encrypted")
        void wrongPassphrase(TestKey key) {
            assertUnusable(key.toPrivateKey("wrong"), "the key does not open with the passphrase of the credentials");
        }

        @ParameterizedTest
        @MethodSource("io.jenkins.plugins.sshexec.core.transport.jsch.LoginTest#encrypted")
        void noPassphrase(TestKey key) {
            assertUnusable(key.toPrivateKey(""), "the key is encrypted: add its passphrase to the credentials");
        }

        @Test
        void publicInsteadOfPrivateKey() {
            TestKey key = TestKey.generate(Type.ED25519);
            assertUnusable(
                    new PrivateKey(SecretBytes.of(key.publicLine()), SecretBytes.of("")),
                    "the key is no private key in OpenSSH, PEM or PKCS#8 format");
        }

        @Test
        void truncatedKey() {
            TestKey key = TestKey.generate(Type.RSA);
            assertUnusable(
                    new PrivateKey(SecretBytes.of(key.privateText().substring(0, 400)), SecretBytes.of("")),
                    "the key is no private key in OpenSSH, PEM or PKCS#8 format");
        }

        @Test
        void emptyKey() {
            assertUnusable(
                    new PrivateKey(SecretBytes.of(""), SecretBytes.of("")),
                    "the key is no private key in OpenSSH, PEM or PKCS#8 format");
        }

        @Test
        void noKeyAtAll() {
            assertThatThrownBy(() -> loginWith(new KeyLogin("me", List.of())))
                    .isInstanceOf(UnusableKey.class)
                    .hasMessageContaining("the credentials hold no key");
        }

        private void assertUnusable(PrivateKey key, String detail) {
            assertThatThrownBy(() -> loginWith(new KeyLogin("me", List.of(key))))
                    .asInstanceOf(throwable(UnusableKey.class))
                    .satisfies(e -> assertThat(e.detail()).startsWith(detail));
        }

        /** To a port on which nobody listens: the key is judged before any packet is sent. */
        private void loginWith(KeyLogin login) throws Exception {
            fixture.connect(io.jenkins.plugins.sshexec.testing.RawServer.closedPort(), login);
        }
    }

    static Stream<TestKey> encrypted() {
        return Stream.of(
                TestKey.generate(Type.ED25519, Format.OPENSSH, PASSPHRASE),
                TestKey.generate(Type.RSA, Format.PEM, PASSPHRASE),
                TestKey.generate(Type.ECDSA, Format.PKCS8, PASSPHRASE));
    }

    @Nested
    class ByPassword {

        @Test
        void password() throws Exception {
            try (EmbeddedSshServer server = EmbeddedSshServer.start(Auth.PASSWORD)) {
                login(server.endpoint(), EmbeddedSshServer.login());
            }
        }

        @Test
        void keyboardInteractive() throws Exception {
            try (EmbeddedSshServer server = EmbeddedSshServer.start(Auth.KEYBOARD_INTERACTIVE)) {
                login(server.endpoint(), EmbeddedSshServer.login());
            }
        }

        /** Each failure counts towards the account's lock-out. */
        @Test
        void wrongPasswordIsSentOnce() throws Exception {
            try (EmbeddedSshServer server = EmbeddedSshServer.start(Auth.PASSWORD, Auth.KEYBOARD_INTERACTIVE)) {
                assertRefused(server);
                assertThat(server.passwordAttempts()).isEqualTo(1);
            }
        }

        @Test
        void wrongPasswordIsSentOnceByKeyboardInteractive() throws Exception {
            try (EmbeddedSshServer server = EmbeddedSshServer.start(Auth.KEYBOARD_INTERACTIVE)) {
                assertRefused(server);
                assertThat(server.passwordAttempts()).isEqualTo(1);
            }
        }

        private void assertRefused(EmbeddedSshServer server) {
            PasswordLogin wrong = new PasswordLogin(EmbeddedSshServer.USER, SecretBytes.of("s3cret"));
            assertThatThrownBy(() -> login(server.endpoint(), wrong))
                    .asInstanceOf(throwable(LoginRefused.class))
                    .satisfies(e -> assertThat(e.detail()).contains("tried a password", "keyboard-interactive"))
                    .hasMessageNotContaining("s3cret");
        }
    }

    private void login(io.jenkins.plugins.sshexec.core.model.Endpoint endpoint, Login login) throws SshException {
        try (SshSession session = fixture.connect(endpoint, login)) {
            assertThat(session.isOpen()).isTrue();
        } finally {
            login.wipe();
        }
    }
}
