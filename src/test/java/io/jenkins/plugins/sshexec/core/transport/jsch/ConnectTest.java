package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.RawServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each stage of connecting fails as what it is, in time, and leaves nothing behind. */
@Timeout(60)
class ConnectTest {

    private static final Duration SHORT = Duration.ofMillis(400);

    private final TransportFixture fixture = new TransportFixture();
    private final Cancellation cancellation = new Cancellation();

    @AfterEach
    void noThreadIsLeft() {
        Awaitility.await().untilAsserted(() -> assertThat(fixture.threads()).noneMatch(Thread::isAlive));
    }

    @Test
    void unknownHostName() {
        assertThatThrownBy(() -> connect(new Endpoint("no-such-host.invalid", 22), LIMIT))
                .asInstanceOf(throwable(ConnectFailed.class))
                .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.NAME_LOOKUP))
                .hasMessageContaining("unknown host name");
    }

    @Test
    void nameLookUpThatHangs() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            assertTimeout(Stage.NAME_LOOKUP, () -> lookingUp(host -> hang(never))
                    .connect(
                            spec(new Endpoint("web1", 22), EmbeddedSshServer.login(), Policies.acceptAny()),
                            SHORT,
                            cancellation));
        } finally {
            never.countDown();
        }
    }

    @Test
    void cancelledDuringTheNameLookUp() throws Exception {
        CountDownLatch lookUp = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        JschTransport transport = lookingUp(host -> {
            lookUp.countDown();
            return hang(never);
        });
        CompletableFuture<SshSession> attempt = connectAsync(transport, new Endpoint("web1", 22));
        lookUp.await();
        cancellation.cancel();
        assertCancelled(attempt);
        never.countDown();
    }

    @Test
    void connectionRefused() throws Exception {
        Endpoint closed = RawServer.closedPort();
        assertThatThrownBy(() -> connect(closed, LIMIT))
                .asInstanceOf(throwable(ConnectFailed.class))
                .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.TCP))
                .satisfies(e -> assertThat(e.detail()).contains("refused"));
    }

    @Test
    void nextAddressWhereTheFirstRefuses() throws Exception {
        try (EmbeddedSshServer server = EmbeddedSshServer.start()) {
            // The server listens on 127.0.0.1 only.
            JschTransport transport = lookingUp(
                    host -> new InetAddress[] {InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")});
            Endpoint named = new Endpoint("web1", server.endpoint().port());
            try (SshSession session = transport.connect(
                    spec(named, EmbeddedSshServer.login(), Policies.acceptAny()), LIMIT, cancellation)) {
                assertThat(session.isOpen()).isTrue();
            }
        }
    }

    @Test
    void allAddressesRefuse() throws Exception {
        JschTransport transport = lookingUp(
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.3")});
        Endpoint named = new Endpoint("web1", RawServer.closedPort().port());
        assertThatThrownBy(() -> transport.connect(
                        spec(named, EmbeddedSshServer.login(), Policies.acceptAny()), LIMIT, cancellation))
                .isInstanceOf(ConnectFailed.class)
                .hasMessageContainingAll("127.0.0.2", "127.0.0.3");
    }

    @Test
    void serverThatNeverSpeaks() throws Exception {
        try (RawServer server = RawServer.start(RawServer::readToEnd)) {
            assertTimeout(Stage.BANNER, () -> connect(server.endpoint(), SHORT));
        }
    }

    /** Each byte comes well within the timeout, so a timeout for each read would never strike. */
    @Test
    void serverThatDripsItsBanner() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = RawServer.start(socket -> {
            while (!end.await(20, TimeUnit.MILLISECONDS)) {
                socket.getOutputStream().write('x');
            }
        })) {
            assertTimeout(Stage.BANNER, () -> connect(server.endpoint(), SHORT));
        } finally {
            end.countDown();
        }
    }

    @Test
    void serverThatClosesAtOnce() throws Exception {
        try (RawServer server = RawServer.start(socket -> {})) {
            assertFailed(Stage.BANNER, server.endpoint()).hasMessageContaining("the server closed the connection");
        }
    }

    @Test
    void serverOfAnotherProtocol() throws Exception {
        try (RawServer server = RawServer.start(socket -> {
            socket.getOutputStream().write("SSH-1.5-ancient\r\n".getBytes(StandardCharsets.US_ASCII));
            RawServer.readToEnd(socket);
        })) {
            assertFailed(Stage.BANNER, server.endpoint()).hasMessageContaining("invalid server's version string");
        }
    }

    @Test
    void serverThatStopsInTheKeyExchange() throws Exception {
        try (RawServer server = RawServer.start(socket -> {
            socket.getOutputStream().write("SSH-2.0-mute\r\n".getBytes(StandardCharsets.US_ASCII));
            RawServer.readToEnd(socket);
        })) {
            assertTimeout(Stage.KEY_EXCHANGE, () -> connect(server.endpoint(), SHORT));
        }
    }

    @Test
    void cancelledWhileTheServerIsSilent() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (RawServer server = RawServer.start(socket -> {
            connected.countDown();
            RawServer.readToEnd(socket);
            closed.countDown();
        })) {
            CompletableFuture<SshSession> attempt = connectAsync(fixture.transport(Duration.ZERO), server.endpoint());
            connected.await();
            cancellation.cancel();
            assertCancelled(attempt);
            assertThat(closed.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("socket closed")
                    .isTrue();
        }
    }

    @Test
    void droppedDuringTheLoginIsNoRefusal() throws Exception {
        try (EmbeddedSshServer server = EmbeddedSshServer.start()) {
            server.dropsAtLogin();
            assertFailed(Stage.LOGIN, server.endpoint());
        }
    }

    private SshSession connect(Endpoint endpoint, Duration timeout) throws SshException {
        return fixture.transport(Duration.ZERO)
                .connect(spec(endpoint, EmbeddedSshServer.login(), Policies.acceptAny()), timeout, cancellation);
    }

    private CompletableFuture<SshSession> connectAsync(JschTransport transport, Endpoint endpoint) {
        CompletableFuture<SshSession> attempt = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                attempt.complete(transport.connect(
                        spec(endpoint, EmbeddedSshServer.login(), Policies.acceptAny()), LIMIT, cancellation));
            } catch (SshException | RuntimeException e) {
                attempt.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return attempt;
    }

    private JschTransport lookingUp(Connector.NameLookup names) {
        return new JschTransport(
                Duration.ZERO,
                fixture.threadFactory,
                NanoClock.SYSTEM,
                new JumpSessions(NanoClock.SYSTEM),
                ChannelsAhead.NONE,
                names);
    }

    private static InetAddress[] hang(CountDownLatch never) throws UnknownHostException {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException("interrupted");
    }

    private static void assertCancelled(CompletableFuture<SshSession> attempt) {
        assertThatThrownBy(() -> attempt.get(LIMIT.toSeconds() / 2, TimeUnit.SECONDS))
                .isInstanceOfAny(CancellationException.class)
                .isNotInstanceOf(ExecutionException.class);
    }

    private AbstractThrowableAssert<?, ConnectFailed> assertFailed(Stage stage, Endpoint endpoint) {
        return assertThatThrownBy(() -> connect(endpoint, LIMIT))
                .asInstanceOf(throwable(ConnectFailed.class))
                .satisfies(e -> assertThat(e.stage()).isEqualTo(stage));
    }

    private static void assertTimeout(Stage stage, org.assertj.core.api.ThrowableAssert.ThrowingCallable connect) {
        long start = System.nanoTime();
        assertThatThrownBy(connect)
                .asInstanceOf(throwable(ConnectTimeout.class))
                .satisfies(e -> assertThat(e.stage()).isEqualTo(stage))
                .satisfies(e -> assertThat(e.limit()).isEqualTo(SHORT));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.multipliedBy(10));
    }
}
