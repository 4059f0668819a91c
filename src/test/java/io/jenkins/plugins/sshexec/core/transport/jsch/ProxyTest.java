package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.ProxyServer;
import io.jenkins.plugins.sshexec.testing.RawServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real servers through proxies, which are doubles. */
@Timeout(120)
class ProxyTest {

    private static final LoginFingerprint.Maker FINGERPRINTS = new LoginFingerprint.Maker();

    private static OpenSshServer server;

    private final TransportFixture fixture = new TransportFixture();

    @BeforeAll
    static void startServer() throws Exception {
        server = OpenSshServer.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static SessionSpec spec(Endpoint target, Proxy.Type type, Endpoint proxy, PasswordLogin login) {
        return TransportFixture.spec(target, server.login(), Policies.acceptAny())
                .by(new Proxy(type, proxy, Optional.ofNullable(login)), FINGERPRINTS);
    }

    private static PasswordLogin login(String password) {
        return new PasswordLogin("proxy user", SecretBytes.of(password));
    }

    private SshSession connect(SessionSpec spec) throws SshException {
        return fixture.transport(Duration.ZERO).connect(spec, LIMIT, new Cancellation());
    }

    @ParameterizedTest
    @EnumSource
    void withoutLogin(Proxy.Type type) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(type);
                SshSession session = connect(spec(server.endpoint(), type, proxy.endpoint(), null))) {
            assertThat(run(session, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
            assertThat(proxy.asked()).containsExactly(server.endpoint().toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withLogin(Proxy.Type type) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(type, "proxy user", "pässword");
                SshSession session = connect(spec(server.endpoint(), type, proxy.endpoint(), login("pässword")))) {
            assertThat(run(session, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongLoginIsToldOfTheProxy(Proxy.Type type) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(type, "proxy user", "pässword")) {
            assertThatThrownBy(() -> connect(spec(server.endpoint(), type, proxy.endpoint(), login("other"))))
                    .asInstanceOf(throwable(LoginRefused.class))
                    .satisfies(e -> assertThat(e.endpoint()).isEqualTo(proxy.endpoint()))
                    .satisfies(e -> assertThat(e.user()).isEqualTo("proxy user"))
                    .satisfies(e -> assertThat(e.detail()).doesNotContain("other"));
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void missingLoginIsToldOfTheProxy(Proxy.Type type) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(type, "proxy user", "pässword")) {
            assertThatThrownBy(() -> connect(spec(server.endpoint(), type, proxy.endpoint(), null)))
                    .asInstanceOf(throwable(ConnectFailed.class))
                    .satisfies(e -> assertThat(e.detail())
                            .contains("the " + type + " proxy " + proxy.endpoint() + " wants a login"));
        }
    }

    /** Names and addresses of every kind reach the proxy as what they are; it alone looks names up. */
    @ParameterizedTest
    @CsvSource({"web1.invalid, web1.invalid:22", "192.0.2.1, 192.0.2.1:22", "2001:db8::1, [2001:db8::1]:22"})
    void theProxyIsAskedForWhatWasTyped(String host, String asked) throws Exception {
        for (Proxy.Type type : Proxy.Type.values()) {
            try (ProxyServer proxy = ProxyServer.start(type)) {
                proxy.leadsTo(server.endpoint());
                try (SshSession session = connect(spec(new Endpoint(host, 22), type, proxy.endpoint(), null))) {
                    assertThat(session.isOpen()).isTrue();
                }
                assertThat(proxy.asked()).containsExactly(asked);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP, 502 Bad Gateway", "SOCKS5, connection refused"})
    void serverThatTheProxyCannotReach(Proxy.Type type, String reason) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(type)) {
            Endpoint closed = RawServer.closedPort();
            assertThatThrownBy(() -> connect(spec(closed, type, proxy.endpoint(), null)))
                    .asInstanceOf(throwable(ConnectFailed.class))
                    .satisfies(e -> assertThat(e.endpoint()).isEqualTo(closed))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.TCP))
                    .satisfies(e -> assertThat(e.detail())
                            .startsWith("the " + type + " proxy " + proxy.endpoint() + " could not reach it: ")
                            .contains(reason));
        }
    }

    @ParameterizedTest
    @EnumSource
    void proxyThatIsNotThere(Proxy.Type type) throws Exception {
        Endpoint closed = RawServer.closedPort();
        assertThatThrownBy(() -> connect(spec(server.endpoint(), type, closed, null)))
                .asInstanceOf(throwable(ConnectFailed.class))
                .satisfies(e -> assertThat(e.endpoint()).isEqualTo(closed));
    }

    @ParameterizedTest
    @EnumSource
    void garbage(Proxy.Type type) throws Exception {
        for (String answer : new String[] {"", "\u0004\u0001", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2\r\n\r\n"}) {
            try (RawServer odd = RawServer.start(socket -> {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                RawServer.readToEnd(socket);
            })) {
                assertThatThrownBy(() -> connect(spec(server.endpoint(), type, odd.endpoint(), null)))
                        .as(answer)
                        .isInstanceOf(ConnectFailed.class);
            }
        }
    }

    @Test
    void answerWithoutEnd() throws Exception {
        try (RawServer endless = RawServer.start(socket -> {
            byte[] much = "HTTP/1.1 200 OK\r\nX: 0".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(much);
            RawServer.readToEnd(socket);
        })) {
            assertThatThrownBy(() -> connect(spec(server.endpoint(), Proxy.Type.HTTP, endless.endpoint(), null)))
                    .asInstanceOf(throwable(ConnectFailed.class))
                    .satisfies(e -> assertThat(e.detail()).contains("longer than 16384 bytes"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void silentProxyIsGivenUpAndCanBeCancelled(Proxy.Type type) throws Exception {
        CountDownLatch connected = new CountDownLatch(2);
        try (RawServer silent = RawServer.start(socket -> {
            connected.countDown();
            RawServer.readToEnd(socket);
        })) {
            SessionSpec spec = spec(server.endpoint(), type, silent.endpoint(), null);
            assertThatThrownBy(() ->
                            fixture.transport(Duration.ZERO).connect(spec, Duration.ofMillis(300), new Cancellation()))
                    .asInstanceOf(throwable(ConnectTimeout.class))
                    .satisfies(e -> assertThat(e.endpoint()).isEqualTo(silent.endpoint()));
            Cancellation cancellation = new Cancellation();
            CompletableFuture<Void> cancel = CompletableFuture.runAsync(() -> {
                try {
                    connected.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                cancellation.cancel();
            });
            assertThatThrownBy(() -> fixture.transport(Duration.ZERO).connect(spec, LIMIT, cancellation))
                    .isInstanceOf(CancellationException.class);
            cancel.join();
        }
    }

    @Test
    void aJumpHostBehindAProxy() throws Exception {
        try (OpenSshServer jump = OpenSshServer.start();
                ProxyServer proxy = ProxyServer.start(Proxy.Type.SOCKS5)) {
            SessionSpec hop = TransportFixture.spec(jump.endpoint(), jump.login(), Policies.acceptAny())
                    .by(new Proxy(Proxy.Type.SOCKS5, proxy.endpoint(), Optional.empty()), FINGERPRINTS);
            SessionSpec target = TransportFixture.spec(server.endpoint(), server.login(), Policies.acceptAny());
            try (SshSession session = connect(target.through(hop))) {
                assertThat(run(session, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
            }
            assertThat(proxy.asked()).containsExactly(jump.endpoint().toString());
        }
    }

    @Test
    void sessionsAreSharedOnlyThroughTheSameProxyWithTheSameLogin() {
        Endpoint target = server.endpoint();
        Endpoint proxy = new Endpoint("proxy", 1080);
        assertThat(new Object[] {
                    TransportFixture.spec(target, server.login(), Policies.acceptAny())
                            .key(),
                    spec(target, Proxy.Type.HTTP, proxy, null).key(),
                    spec(target, Proxy.Type.SOCKS5, proxy, null).key(),
                    spec(target, Proxy.Type.SOCKS5, new Endpoint("proxy", 1081), null)
                            .key(),
                    spec(target, Proxy.Type.SOCKS5, proxy, login("a")).key(),
                    spec(target, Proxy.Type.SOCKS5, proxy, login("b")).key()
                })
                .doesNotHaveDuplicates();
        SessionSpec one = spec(target, Proxy.Type.SOCKS5, proxy, login("a"));
        assertThat(one.key().proxy())
                .isEqualTo(
                        spec(target, Proxy.Type.SOCKS5, proxy, login("a")).key().proxy());
        assertThat(one.toString() + one.proxy().orElseThrow()).doesNotContain("proxy user");
    }
}
