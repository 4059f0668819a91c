package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.spec;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real server at its limits, and a real server that goes away. */
@Timeout(60)
class OpenSshLimitsTest {

    private final TransportFixture fixture = new TransportFixture();
    private final CollectingSink sink = new CollectingSink();

    @Test
    void channelBeyondMaxSessionsIsRefusedAndTheOthersGoOn() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions 2");
                SshSession session = fixture.connect(server)) {
            Path go = server.directory().resolve("go");
            String waiting = "until [ -e " + go + " ]; do sleep 0.01; done";
            RemoteProcess one = start(session, waiting, sink);
            RemoteProcess two = start(session, waiting, sink);

            assertThatThrownBy(() -> start(session, "true", sink)).isInstanceOf(ChannelRefused.class);

            assertThat(session.isOpen()).isTrue();
            Files.createFile(go);
            assertThat(end(one)).isEqualTo(new Exited(0));
            assertThat(end(two)).isEqualTo(new Exited(0));
            assertThat(run(session, "exit 1", sink)).isEqualTo(new Exited(1));
            assertThat(server.commands()).isEqualTo(3);
        }
    }

    /** Every megabyte the keys are changed (RFC 4253 section 9), in the middle of the output and of keepalives. */
    @Test
    void keysAreExchangedAnewWhileOutputFlows() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("RekeyLimit 1M");
                SshSession session = fixture.transport(Duration.ofMillis(500))
                        .connect(
                                spec(server.endpoint(), server.login(), Policies.acceptAny()),
                                LIMIT,
                                new Cancellation())) {
            assertThat(run(session, "seq 2000000", sink)).isEqualTo(new Exited(0));
            assertThat(sink.out()).endsWith("\n2000000\n").hasSize(14_888_896);
            assertThat(run(session, "exit 1", sink)).isEqualTo(new Exited(1));
        }
    }

    @Test
    void serverKilledWhileACommandRuns() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                SshSession session = fixture.connect(server)) {
            RemoteProcess process = start(session, "echo begun; exec sleep 1000", sink);
            Awaitility.await().until(() -> sink.out().equals("begun\n"));

            server.kill();

            assertThatThrownBy(() -> end(process))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .asInstanceOf(throwable(SessionLost.class))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.RUN));
            assertThat(session.isOpen()).isFalse();
        }
    }

    /** OpenSSH tells the status when the command's first process ends, which may be long before the end of the output. */
    @Test
    void serverKilledBetweenTheStatusAndTheEndOfTheOutput() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = fixture.connect(line.endpoint(), server.login())) {
            RemoteProcess process = start(session, "echo begun; sleep 20 & exit 0", sink);
            Awaitility.await().until(() -> sink.out().equals("begun\n"));
            line.awaitQuiet();

            server.kill();

            assertThatThrownBy(() -> end(process))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(SessionLost.class)
                    .hasMessageContaining("after the command's end and before that of its output");
        }
    }

    @Test
    void serverKilledBeforeTheCommand() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                SshSession session = fixture.connect(server)) {
            server.kill();
            Awaitility.await().until(() -> !session.isOpen());
            assertThatThrownBy(() -> start(session, "true", sink))
                    .asInstanceOf(throwable(SessionLost.class))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.CHANNEL));

            server.launch();
            try (SshSession next = fixture.connect(server)) {
                assertThat(run(next, "exit 2", sink)).isEqualTo(new Exited(2));
            }
        }
    }
}
