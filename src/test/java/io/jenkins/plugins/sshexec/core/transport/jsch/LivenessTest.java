package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.spec;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signs of life over a connection that may fall silent, to a real server. */
@Timeout(60)
class LivenessTest {

    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final Duration SHORT = Duration.ofMillis(200);

    private static OpenSshServer server;

    private final TransportFixture fixture = new TransportFixture();
    private final CollectingSink sink = new CollectingSink();
    private TcpProxy proxy;

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

    @BeforeEach
    void startProxy() throws Exception {
        proxy = TcpProxy.to(server.endpoint());
    }

    @AfterEach
    void stopProxy() throws Exception {
        proxy.close();
    }

    @Test
    void checkIsARoundTripWithoutSideEffects() throws Exception {
        try (SshSession session = connect(Duration.ZERO)) {
            long before = server.commands();
            assertThat(session.check(LIMIT, new Cancellation())).isTrue();
            assertThat(session.check(LIMIT, new Cancellation())).isTrue();
            assertThat(server.commands()).isEqualTo(before);
            assertThat(run(session, "exit 1", sink)).isEqualTo(new Exited(1));
        }
    }

    @Test
    void checkWhileACommandRuns() throws Exception {
        try (SshSession session = connect(Duration.ZERO)) {
            RemoteProcess process = start(session, "sleep 1000", sink);
            assertThat(session.check(LIMIT, new Cancellation())).isTrue();
            process.close();
        }
    }

    @Test
    void checkOfAConnectionThatIsCutOnTheWay() throws Exception {
        try (SshSession session = connect(Duration.ZERO)) {
            run(session, "exit 0", sink); // what the server has to say after a login has come then
            proxy.pause();
            assertThat(session.check(SHORT, new Cancellation())).isFalse();
            assertThat(session.isOpen()).as("nobody has told this side").isTrue();
        }
    }

    @Test
    void checkOfAClosedSession() throws Exception {
        SshSession session = connect(Duration.ZERO);
        session.close();
        assertThat(session.check(LIMIT, new Cancellation())).isFalse();
    }

    @Test
    void checkEndsWhenTheConnectionDoes() throws Exception {
        SshSession session = connect(Duration.ZERO);
        proxy.pause();
        CompletableFuture<Boolean> check =
                CompletableFuture.supplyAsync(() -> session.check(LIMIT, new Cancellation()));
        session.close();
        assertThat(check.join()).isFalse();
    }

    @Test
    void checkCancelled() throws Exception {
        try (SshSession session = connect(Duration.ZERO)) {
            proxy.awaitQuiet(); // what a server says after the login is a sign of life too
            proxy.pause();
            Cancellation cancellation = new Cancellation();
            long before = proxy.bytesToServer();
            CompletableFuture<Void> cancel = CompletableFuture.runAsync(() -> {
                Awaitility.await().until(() -> proxy.bytesToServer() > before);
                cancellation.cancel();
            });
            assertThatThrownBy(() -> session.check(LIMIT, cancellation)).isInstanceOf(CancellationException.class);
            cancel.join();
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void keepalivesAreSentAndAnswered() throws Exception {
        try (SshSession session = connect(OFTEN)) {
            long before = proxy.bytesToServer();
            // More than would be sent unanswered before the connection were given up.
            Awaitility.await().until(() -> proxy.bytesToServer() > before + 10 * keepaliveBytes());
            assertThat(session.isOpen()).isTrue();
            assertThat(run(session, "exit 1", sink)).isEqualTo(new Exited(1));
        }
    }

    @Test
    void keepalivesGoOnAfterCommands() throws Exception {
        try (SshSession session = connect(OFTEN)) {
            run(session, "seq 1000", sink);
            run(session, "exit 1", sink);
            long before = proxy.bytesToServer();
            Awaitility.await().until(() -> proxy.bytesToServer() > before + 3 * keepaliveBytes());
        }
    }

    @Test
    void silentServerIsGivenUpAndTheCommandLearnsWhy() throws Exception {
        try (SshSession session = connect(OFTEN)) {
            RemoteProcess process = start(session, "sleep 1000", sink);
            proxy.pause();
            assertThatThrownBy(() -> end(process))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(SessionLost.class)
                    .hasMessageContaining("no answer to 3 keepalives");
            assertThat(session.isOpen()).isFalse();
        }
    }

    private SshSession connect(Duration keepAlive) throws SshException {
        return fixture.transport(keepAlive)
                .connect(spec(proxy.endpoint(), server.login(), Policies.acceptAny()), LIMIT, new Cancellation());
    }

    /** A global request "keepalive@openssh.com" in one AES-GCM packet, roughly. */
    private static long keepaliveBytes() {
        return 50;
    }
}
