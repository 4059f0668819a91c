package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSch;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.SshException.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/**
 * Opens sessions with JSch. Each session has its own {@link JSch}, socket, host keys and identities; nothing that JSch
 * keeps for the whole JVM is touched.
 */
public final class JschTransport implements SshTransport {

    private final Duration keepAlive;
    private final ThreadFactory threads;
    private final NanoClock clock;
    private final Connector connector;

    /**
     * @param keepAlive after how long without a byte from the server it is asked for a sign of life; zero for never. A
     *     server that stays silent is given up after four times as long ({@link Wire#MAX_UNANSWERED}).
     * @param threads makes the reader thread of each session, and a thread for each name look-up; daemon threads
     */
    public JschTransport(Duration keepAlive, ThreadFactory threads, NanoClock clock) {
        this(keepAlive, threads, clock, InetAddress::getAllByName);
    }

    JschTransport(Duration keepAlive, ThreadFactory threads, NanoClock clock, Connector.NameLookup names) {
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException("The keepalive interval must not be negative: " + keepAlive);
        }
        this.keepAlive = keepAlive;
        this.threads = Objects.requireNonNull(threads, "threads");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.connector = new Connector(names, threads);
    }

    @Override
    public SshSession connect(SessionSpec spec, Duration timeout, Cancellation cancellation) throws SshException {
        cancellation.throwIfCancelled();
        Deadline deadline = Deadline.in(timeout, clock);
        JSch jsch = new JSch();
        JschLog log = new JschLog(spec.endpoint());
        jsch.setInstanceLogger(log);
        try (JschLogin login = JschLogin.of(spec.login(), spec.endpoint(), jsch)) {
            Socket socket = connector.connect(spec.endpoint(), timeout, deadline, cancellation);
            Wire wire = wire(spec, socket, deadline);
            return new JschHandshake(spec, timeout, deadline, wire, login, log)
                    .run(jsch, threads, keepAlive, cancellation);
        }
    }

    private static Wire wire(SessionSpec spec, Socket socket, Deadline deadline) throws ConnectFailed {
        try {
            return new Wire(socket, deadline);
        } catch (IOException e) {
            Wire.closeQuietly(socket);
            throw new ConnectFailed(spec.endpoint(), Stage.TCP, e.getMessage(), e);
        }
    }
}
