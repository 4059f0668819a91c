package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.AlgorithmKind;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.NegotiationFailed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers can be reached at all, judged by real ones that are confined to a few algorithms. */
@Timeout(120)
class AlgorithmsTest {

    private final TransportFixture fixture = new TransportFixture();

    /** Servers that know old algorithms only, each of one kind. */
    static Stream<Arguments> old() {
        return Stream.of(
                Arguments.of(AlgorithmKind.KEY_EXCHANGE, List.of("KexAlgorithms diffie-hellman-group14-sha1")),
                Arguments.of(AlgorithmKind.HOST_KEY, List.of("HostKeyAlgorithms ssh-rsa")),
                Arguments.of(AlgorithmKind.CIPHER, List.of("Ciphers aes128-cbc")),
                Arguments.of(AlgorithmKind.CIPHER, List.of("Ciphers aes256-cbc,aes192-cbc")),
                // A cipher that brings its own authentication has no MAC.
                Arguments.of(AlgorithmKind.MAC, List.of("Ciphers aes128-ctr", "MACs hmac-sha1")),
                Arguments.of(AlgorithmKind.MAC, List.of("Ciphers aes128-ctr", "MACs hmac-sha1-etm@openssh.com")));
    }

    @ParameterizedTest
    @MethodSource("old")
    void oldServersAreReachedOnlyWhereThatIsAllowed(AlgorithmKind kind, List<String> config) throws Exception {
        try (OpenSshServer server = start(Type.RSA, config)) {
            String only = config.get(config.size() - 1).replaceFirst(".* ", "");
            assertThatThrownBy(() -> connect(server, Algorithms.MODERN))
                    .asInstanceOf(throwable(NegotiationFailed.class))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.KEY_EXCHANGE))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                    // OpenSSH adds what is no algorithm but a sign of what it can do.
                    .satisfies(e -> assertThat(e.offered()).startsWith(only))
                    .satisfies(e -> assertThat(e.allowed()).contains(",").doesNotContain(only))
                    .satisfies(e -> assertThat(e.legacyWouldDo()).isTrue());
            assertThat(server.logins()).isZero();
            try (SshSession session = connect(server, Algorithms.LEGACY)) {
                assertThat(run(session, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
            }
        }
    }

    /** Servers that know nothing which is allowed at all. */
    @ParameterizedTest
    @CsvSource({
        "KEY_EXCHANGE, KexAlgorithms diffie-hellman-group1-sha1",
        "CIPHER,       Ciphers 3des-cbc",
        "MAC,          MACs hmac-md5"
    })
    void someServersAreNeverReached(AlgorithmKind kind, String line) throws Exception {
        try (OpenSshServer server = start(Type.RSA, List.of(line, "Ciphers aes128-ctr"))) {
            for (Algorithms algorithms : Algorithms.values()) {
                assertThatThrownBy(() -> connect(server, algorithms))
                        .asInstanceOf(throwable(NegotiationFailed.class))
                        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                        .satisfies(e -> assertThat(e.legacyWouldDo()).isFalse());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KexAlgorithms curve25519-sha256",
                "KexAlgorithms ecdh-sha2-nistp384",
                "KexAlgorithms diffie-hellman-group16-sha512",
                "KexAlgorithms diffie-hellman-group-exchange-sha256",
                "Ciphers aes256-gcm@openssh.com",
                "Ciphers aes256-ctr",
                "HostKeyAlgorithms rsa-sha2-256"
            })
    void modernServersAreReached(String line) throws Exception {
        try (OpenSshServer server = start(Type.RSA, List.of(line));
                SshSession session = connect(server, Algorithms.MODERN)) {
            assertThat(run(session, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
        }
    }

    @Test
    void theBestIsTakenAlsoWhereOldOnesAreAllowed() throws Exception {
        try (OpenSshServer server = start(
                        Type.RSA,
                        List.of(
                                "KexAlgorithms +diffie-hellman-group14-sha1",
                                "HostKeyAlgorithms +ssh-rsa",
                                "Ciphers +aes128-cbc"));
                SshSession session = connect(server, Algorithms.LEGACY)) {
            assertThat(session.facts().keyExchange()).doesNotContain("sha1");
            assertThat(session.facts().cipher()).isEqualTo("aes128-gcm@openssh.com");
        }
    }

    /** Before RFC 8332 servers took RSA keys with SHA-1 only. */
    @Test
    void serverThatTakesUserKeysBySha1Only() throws Exception {
        TestKey rsa = TestKey.generate(Type.RSA);
        try (OpenSshServer server = start(Type.ED25519, List.of("PubkeyAcceptedAlgorithms ssh-rsa"))) {
            server.authorize(rsa);
            assertThatThrownBy(() -> connect(server, OpenSshServer.loginWith(rsa), Algorithms.MODERN))
                    .isInstanceOf(LoginRefused.class);
            try (SshSession session = connect(server, OpenSshServer.loginWith(rsa), Algorithms.LEGACY)) {
                assertThat(run(session, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
            }
        }
    }

    /** JSch verifies an RSA signature by the algorithm that it names, with the class that this setting names. */
    @Test
    void signatureBySha1IsRefusedThoughAnotherWasAgreedOn() throws Exception {
        Session session = new JSch().getSession("me", "web1");
        JschAlgorithms.apply(Algorithms.MODERN, session);
        assertThatThrownBy(() -> Class.forName(session.getConfig("ssh-rsa")))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining("the server signed with SHA-1");
        assertThat(Class.forName(session.getConfig("rsa-sha2-256"))).isNotNull();
        Session old = new JSch().getSession("me", "web1");
        JschAlgorithms.apply(Algorithms.LEGACY, old);
        assertThat(Class.forName(old.getConfig("ssh-rsa"))).isNotNull();
    }

    private static OpenSshServer start(Type hostKey, List<String> config) throws Exception {
        return OpenSshServer.startWithHostKeys(List.of(TestKey.generate(hostKey)), config.toArray(String[]::new));
    }

    private SshSession connect(OpenSshServer server, Algorithms algorithms) throws SshException {
        return connect(server, server.login(), algorithms);
    }

    private SshSession connect(OpenSshServer server, KeyLogin login, Algorithms algorithms) throws SshException {
        return fixture.transport(Duration.ZERO)
                .connect(
                        TransportFixture.spec(server.endpoint(), login, Policies.acceptAny(), algorithms),
                        LIMIT,
                        new Cancellation());
    }
}
