package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is left of a session that has been closed: no thread, no socket, no process that waits for its end. */
@Timeout(60)
class CloseTest {

    private final TransportFixture fixture = new TransportFixture();
    private final CollectingSink sink = new CollectingSink();
    private EmbeddedSshServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = EmbeddedSshServer.start();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaitility.await().untilAsserted(() -> {
            assertThat(fixture.threads()).noneMatch(Thread::isAlive);
            assertThat(server.openConnections()).isZero();
        });
        server.close();
    }

    @Test
    void idleSession() throws Exception {
        SshSession session = connect();
        session.close();
        session.close();
        assertThat(session.isOpen()).isFalse();
    }

    @Test
    void readerThreadIsADaemonWithANameAndWithoutSecrets() throws Exception {
        try (SshSession session = connect()) {
            assertThat(session.isOpen()).isTrue();
            Awaitility.await().untilAsserted(() -> assertThat(fixture.threads())
                    .filteredOn(Thread::isAlive)
                    .singleElement()
                    .satisfies(thread -> assertThat(thread.isDaemon()).isTrue())
                    .extracting(Thread::getName)
                    .isEqualTo("ssh-exec reader of " + EmbeddedSshServer.USER + "@" + server.endpoint()));
        }
    }

    @Test
    void sessionWithRunningCommands() throws Exception {
        SshSession session = connect();
        List<RemoteProcess> processes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            processes.add(start(session, "hang", sink));
        }
        session.close();
        for (RemoteProcess process : processes) {
            assertThatThrownBy(() -> end(process)).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void closeDuringAStart() throws Exception {
        server.onOpen(OnOpen.HANG);
        SshSession session = connect();
        CompletableFuture<Void> start = CompletableFuture.runAsync(() -> {
            try {
                start(session, "exit 0", sink);
            } catch (SshException e) {
                throw new IllegalStateException(e);
            }
        });
        session.close();
        assertThatThrownBy(() -> start.get(LIMIT.toSeconds() / 2, java.util.concurrent.TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    void closeWhileTheServerDoesNotRead() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server.endpoint())) {
            SshSession session = fixture.connect(proxy.endpoint(), EmbeddedSshServer.login());
            RemoteProcess process = start(session, "hang", sink);
            proxy.pause();
            session.close();
            assertThatThrownBy(() -> end(process)).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void failedHandshakes() {
        assertThatThrownBy(() ->
                        fixture.connect(server.endpoint(), EmbeddedSshServer.login(), Policies.refuse(Cause.UNKNOWN)))
                .isInstanceOf(HostKeyRefused.class);
    }

    private SshSession connect() throws SshException {
        return fixture.connect(server.endpoint(), EmbeddedSshServer.login());
    }
}
