package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.JSchException;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.HostCertificateRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failures that a server cannot be made to cause at the right moment. */
class JschFailuresTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final SessionSpec SPEC = SessionSpec.of(
            WEB1,
            new PasswordLogin("deploy", SecretBytes.of("secret")),
            Policies.acceptAny(),
            new LoginFingerprint.Maker());

    private final Deadline deadline = Deadline.in(LIMIT, NanoClock.SYSTEM);
    private final JschHostKeys hostKeys = new JschHostKeys(WEB1, SPEC.hostKeyPolicy(), new JschLog(WEB1));
    private ServerSocket server;
    private Wire wire;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        wire = new Wire(new Socket(server.getInetAddress(), server.getLocalPort()), deadline);
    }

    @AfterEach
    void close() throws IOException {
        wire.close("the test is over");
        server.close();
    }

    private SshException failure(String message) {
        return JschFailures.ofHandshake(
                SPEC, LIMIT, deadline, hostKeys, wire, "a password", new JSchException(message));
    }

    @Test
    void whatEndsTheHandshakeAfterTheCertificateWasShownIsItsRefusal() {
        hostKeys.getHostKey();

        assertThat(failure("expired")).isInstanceOf(HostCertificateRefused.class);
    }

    /** Between the server's certificate and the client's SSH_MSG_NEWKEYS. */
    @Test
    void aConnectionThatIsCutRightAfterTheCertificateIsNoRefusal() {
        hostKeys.getHostKey();
        wire.close("Broken pipe");

        assertThat(failure("Broken pipe")).isInstanceOfSatisfying(ConnectFailed.class, cut -> {
            assertThat(cut.isDropped()).isTrue();
            assertThat(cut.stage()).isEqualTo(Stage.HOST_KEY);
        });
    }
}
