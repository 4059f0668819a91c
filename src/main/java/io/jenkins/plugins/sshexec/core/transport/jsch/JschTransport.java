package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSch;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Proxy;
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
    private final JumpSessions jumps;
    private final ChannelsAhead ahead;

    /** With sessions to jump hosts of its own, which nobody ends, and no channels that are opened ahead. */
    public JschTransport(Duration keepAlive, ThreadFactory threads, NanoClock clock) {
        this(keepAlive, threads, clock, new JumpSessions(clock), ChannelsAhead.NONE);
    }

    /**
     * @param keepAlive after how long without a byte from the server it is asked for a sign of life; zero for never. A
     *     server that stays silent is given up after four times as long ({@link Wire#MAX_UNANSWERED}).
     * @param threads makes the reader thread of each session, and a thread for each name look-up and each end of a tunnel;
     *     daemon threads
     * @param jumps the sessions to jump hosts, which other transports may share
     * @param ahead whether channels are opened before there is a command for them
     */
    public JschTransport(
            Duration keepAlive, ThreadFactory threads, NanoClock clock, JumpSessions jumps, ChannelsAhead ahead) {
        this(keepAlive, threads, clock, jumps, ahead, InetAddress::getAllByName);
    }

    JschTransport(
            Duration keepAlive,
            ThreadFactory threads,
            NanoClock clock,
            JumpSessions jumps,
            ChannelsAhead ahead,
            Connector.NameLookup names) {
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException("The keepalive interval must not be negative: " + keepAlive);
        }
        this.keepAlive = keepAlive;
        this.threads = Objects.requireNonNull(threads, "threads");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.connector = new Connector(names, threads);
        this.jumps = jumps;
        this.ahead = ahead;
    }

    @Override
    public SshSession connect(SessionSpec spec, Duration timeout, Cancellation cancellation) throws SshException {
        return connect(spec, timeout, Deadline.in(timeout, clock), cancellation);
    }

    private JschSession connect(SessionSpec spec, Duration limit, Deadline deadline, Cancellation cancellation)
            throws SshException {
        cancellation.throwIfCancelled();
        JSch jsch = new JSch();
        JschLog log = new JschLog(spec.endpoint());
        jsch.setInstanceLogger(log);
        try (JschLogin login = JschLogin.of(spec.login(), spec.endpoint(), jsch)) {
            Socket socket = socket(spec, limit, deadline, cancellation);
            Wire wire = wire(spec, socket, deadline);
            return new JschHandshake(spec, limit, deadline, wire, login, log)
                    .run(jsch, threads, keepAlive, ahead, cancellation);
        }
    }

    private Socket socket(SessionSpec spec, Duration limit, Deadline deadline, Cancellation cancellation)
            throws SshException {
        if (spec.via().isPresent()) {
            return tunnel(spec, spec.via().get(), limit, deadline, cancellation);
        }
        if (spec.proxy().isEmpty()) {
            return connector.connect(spec.endpoint(), limit, deadline, cancellation);
        }
        Proxy proxy = spec.proxy().get();
        Socket socket = connector.connect(proxy.endpoint(), limit, deadline, cancellation);
        new ProxyHandshake(proxy, spec.endpoint(), socket, deadline).run(limit, cancellation);
        return socket;
    }

    /** Through the jump host, which is connected first if need be, and so are those before it. */
    private Socket tunnel(
            SessionSpec spec, SessionSpec via, Duration limit, Deadline deadline, Cancellation cancellation)
            throws SshException {
        JumpSessions.Use use =
                jumps.acquire(via, hop -> connect(hop, limit, deadline, cancellation), limit, deadline, cancellation);
        boolean open = false;
        try {
            Socket socket =
                    use.session().tunnels().open(spec.endpoint(), limit, deadline, cancellation, threads, use::close);
            open = true;
            return socket;
        } finally {
            if (!open) {
                use.close();
            }
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
