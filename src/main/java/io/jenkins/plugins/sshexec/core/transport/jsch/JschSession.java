package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.ExecRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SftpRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One connected JSch session. Owns its {@link Wire}; JSch's reader thread owns the clean-up: whoever ends the session
 * closes the wire, and the reader thread, woken by that, closes the channels and ends.
 */
final class JschSession implements SshSession {

    private static final Logger LOGGER = Logger.getLogger(JschSession.class.getName());

    /** The channel open; answers to what comes after it are waited for in sleeps that may be cut short. */
    private static final int PACKETS_OF_AN_OPEN = 1;

    private final Endpoint endpoint;
    private final Session session;
    private final Wire wire;
    private final JschLog log;
    private final SessionFacts facts;

    /** Completed by the reader thread when it ends. */
    private final CompletableFuture<Void> readerEnded;

    /** Processes whose end is not known yet. */
    private final Set<JschProcess> processes = ConcurrentHashMap.newKeySet();

    /** Connections from here on whose channels are being opened. */
    private final Set<TunnelSocket> opening = ConcurrentHashMap.newKeySet();

    /** Channels for files that are being opened. */
    private final Set<SftpStart> openingFiles = ConcurrentHashMap.newKeySet();

    /** @param readerEnded completed by the reader thread as the last thing that it does */
    JschSession(
            Endpoint endpoint,
            Session session,
            Wire wire,
            JschLog log,
            SessionFacts facts,
            CompletableFuture<Void> readerEnded) {
        this.endpoint = endpoint;
        this.session = session;
        this.wire = wire;
        this.log = log;
        this.facts = facts;
        this.readerEnded = readerEnded;
        readerEnded.thenRun(() -> {
            processes.forEach(JschProcess::sessionEnded);
            opening.forEach(TunnelSocket::wake);
            openingFiles.forEach(SftpStart::sessionEnded);
        });
    }

    @Override
    public boolean isOpen() {
        return wire.lost().isEmpty() && session.isConnected();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Sends {@code keepalive@openssh.com}, which every server must answer, be it with a failure (RFC 4254 section 4),
     * and waits for any byte. That costs the server nothing: no channel, no process, no line in its log. While keys are
     * exchanged anew JSch holds the request back, for ten seconds at most.
     */
    @Override
    public boolean check(Duration timeout, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        if (!isOpen()) {
            return false;
        }
        CompletableFuture<Boolean> sign = wire.nextSign();
        Cancellation.Registration registration = cancellation.onCancel(() -> sign.cancel(false));
        try {
            session.sendKeepAliveMsg();
            return sign.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        } catch (CancellationException e) {
            throw e;
        } catch (Exception e) {
            // JSch declares Exception, and means a socket that fails or a session that is just being closed.
            LOGGER.log(Level.FINE, endpoint + ": no sign of life", e);
            return false;
        } finally {
            registration.close();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>JSch opens the channel and sends the request in one call. A cancellation breaks off the opening, after which the
     * session should not be used again; once the request has left, the server has a second to answer it. JSch takes an
     * interrupt for a timeout; cancel, do not interrupt.
     */
    @Override
    public RemoteProcess start(RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation)
            throws SshException {
        cancellation.throwIfCancelled();
        ChannelExec channel = newChannel("exec", ChannelExec.class);
        int packets = prepare(channel, command);
        JschProcess process = new JschProcess(endpoint, channel, output, this::whyLost, processes::remove);
        processes.add(process);
        Cancellation.Registration registration = cancellation.onCancel(process::cancelConnecting);
        try (Wire.PacketCount sent = wire.countPackets(PACKETS_OF_AN_OPEN + 1, process::wakeConnecting)) {
            connect(process, channel, timeout, packets, sent, cancellation);
            openInput(process, command);
            return process;
        } catch (SshException | CancellationException e) {
            process.abandon();
            throw e;
        } finally {
            registration.close();
            if (readerEnded.isDone()) {
                process.end(); // it may have come into the set after the reader thread had gone through it
            }
        }
    }

    @Override
    public RemoteFiles openFiles(Duration timeout, Cancellation cancellation) throws SshException {
        cancellation.throwIfCancelled();
        ChannelSftp channel = newChannel("sftp", ChannelSftp.class);
        SftpStart start = new SftpStart(channel);
        openingFiles.add(start);
        boolean complete = false;
        try (Cancellation.Registration ignored = cancellation.onCancel(start::cancel)) {
            if (readerEnded.isDone()) {
                start.sessionEnded();
            }
            start.connect(timeout);
            cancellation.throwIfCancelled();
            complete = true;
            return new JschFiles(endpoint, channel, this::whyLost);
        } catch (JSchException | RuntimeException e) {
            throw filesNotOpened(channel, timeout, cancellation, e);
        } finally {
            openingFiles.remove(start);
            if (!complete) {
                channel.disconnect();
            }
        }
    }

    private SshException filesNotOpened(
            ChannelSftp channel, Duration timeout, Cancellation cancellation, Exception failure) {
        cancellation.throwIfCancelled();
        if (!isOpen()) {
            return lost(Stage.CHANNEL, "the session was closed", failure);
        }
        if (JschFailures.REQUEST_REFUSED.equals(failure.getMessage())) {
            return new SftpRefused(endpoint, "the server answered with a failure");
        }
        if (failure.getCause() != null) {
            // The server began to speak, and not SFTP: its sftp-server is not there, say, or a shell's start-up file
            // prints.
            return new SftpRefused(endpoint, JschFailures.detail(failure));
        }
        if (channel.getExitStatus() != JschProcess.NO_STATUS) {
            return JschFailures.channelRefused(endpoint, channel.getExitStatus());
        }
        return lost(Stage.CHANNEL, "no answer within " + timeout.toSeconds() + " seconds", failure);
    }

    /** {@inheritDoc} */
    @Override
    public void tryChannel(Duration timeout) throws SshException {
        // JSch's "session" is the channel alone; its "exec" and "shell" are that channel and a request.
        Channel channel = newChannel("session", Channel.class);
        try {
            channel.connect((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
        } catch (JSchException | RuntimeException e) {
            if (isOpen() && channel.getExitStatus() != JschProcess.NO_STATUS) {
                throw JschFailures.channelRefused(endpoint, channel.getExitStatus());
            }
            throw lost(Stage.CHANNEL, "no answer within " + timeout.toSeconds() + " seconds", e);
        } finally {
            channel.disconnect();
        }
    }

    private <T extends Channel> T newChannel(String kind, Class<T> type) throws SessionLost {
        try {
            // Null where the session is just being closed.
            Channel channel = session.openChannel(kind);
            if (type.isInstance(channel)) {
                return type.cast(channel);
            }
            throw lost(Stage.CHANNEL, "the session is being closed", null);
        } catch (JSchException e) {
            throw lost(Stage.CHANNEL, JschFailures.detail(e), e);
        }
    }

    /** Returns how many packets JSch sends for the command; the last one is the exec request. */
    private static int prepare(ChannelExec channel, RemoteCommand command) {
        channel.setCommand(command.line());
        command.terminal().ifPresent(terminal -> {
            channel.setPty(true);
            channel.setPtyType(terminal.type(), terminal.columns(), terminal.rows(), 0, 0);
        });
        command.environment()
                .forEach((name, value) ->
                        channel.setEnv(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
        return PACKETS_OF_AN_OPEN
                + (command.terminal().isPresent() ? 1 : 0)
                + command.environment().size()
                + 1;
    }

    private void openInput(JschProcess process, RemoteCommand command) throws SessionLost {
        try {
            process.openInput();
        } catch (IOException e) {
            throw lost(Stage.RUN, JschFailures.detail(e), e);
        }
        if (!command.readsInput()) {
            process.endInput();
        }
    }

    /**
     * Opens the channel and sends the requests. JSch's exception says neither which of them failed nor how, so that is
     * told by what is certain: a request of which no packet was handed to the socket by this thread has not left.
     *
     * @param packets as many are to be sent, the exec request last
     * @throws CancellationException if cancelled before the request left
     */
    private void connect(
            JschProcess process,
            ChannelExec channel,
            Duration timeout,
            int packets,
            Wire.PacketCount sent,
            Cancellation cancellation)
            throws SshException {
        try {
            process.connect(timeout);
        } catch (JSchException | RuntimeException e) {
            boolean all = sent.get() >= packets;
            if (isOpen() && JschFailures.REQUEST_REFUSED.equals(e.getMessage())) {
                throw new ExecRefused(endpoint, all ? "the server answered with a failure" : "it gives no terminal");
            }
            if (all) {
                throw lost(Stage.RUN, JschFailures.detail(e), e);
            }
            cancellation.throwIfCancelled();
            if (isOpen() && channel.getExitStatus() != JschProcess.NO_STATUS) {
                // JSch keeps the reason code of a failed open in the field of the exit status.
                throw JschFailures.channelRefused(endpoint, channel.getExitStatus());
            }
            throw lost(Stage.CHANNEL, "no answer within " + timeout.toSeconds() + " seconds", e);
        }
        if (sent.get() < packets) {
            // JSch drops packets without a word once its session is closed.
            throw lost(Stage.CHANNEL, "the session was closed", null);
        }
    }

    /**
     * Has the server connect to another one (RFC 4254 section 7.2); blocks the calling thread for a round trip and for as long
     * as the server takes.
     *
     * @param limit what the deadline was made of, for the message
     * @param threads makes the thread that closes the connection
     * @param onClose called once when the connection returned is closed
     * @throws SshException about the other server, whose detail names this one
     */
    TunnelSocket tunnel(
            Endpoint target,
            Duration limit,
            Deadline deadline,
            Cancellation cancellation,
            ThreadFactory threads,
            Runnable onClose)
            throws SshException {
        ChannelDirectTCPIP channel = newTunnelChannel(target);
        TunnelSocket socket = new TunnelSocket(channel, target, threads, onClose);
        opening.add(socket);
        try (Cancellation.Registration ignored = cancellation.onCancel(socket::wake)) {
            if (readerEnded.isDone()) {
                socket.wake();
            }
            socket.open(deadline.remaining());
            if (channel.isConnected()) { // JSch swallows what is no exception of its own
                cancellation.throwIfCancelled();
                return socket;
            }
            throw notReached(target, limit, deadline, channel, null);
        } catch (JSchException e) {
            cancellation.throwIfCancelled();
            throw notReached(target, limit, deadline, channel, e);
        } finally {
            opening.remove(socket);
            if (!channel.isConnected() || cancellation.isCancelled()) {
                channel.disconnect();
            }
        }
    }

    private ChannelDirectTCPIP newTunnelChannel(Endpoint target) throws ConnectFailed {
        try {
            if (session.openChannel("direct-tcpip") instanceof ChannelDirectTCPIP channel) {
                return channel;
            }
            throw new ConnectFailed(target, Stage.TCP, throughHere("the session is being closed"), null);
        } catch (JSchException e) {
            throw new ConnectFailed(target, Stage.TCP, throughHere(JschFailures.detail(e)), e);
        }
    }

    private SshException notReached(
            Endpoint target, Duration limit, Deadline deadline, ChannelDirectTCPIP channel, Exception cause) {
        if (deadline.isExpired()) {
            return new ConnectTimeout(target, Stage.TCP, limit, cause);
        }
        String reason = channel.getExitStatus() == JschProcess.NO_STATUS
                ? whyLost().orElse("no answer")
                : JschFailures.channelRefusal(channel.getExitStatus());
        return new ConnectFailed(target, Stage.TCP, throughHere(reason), cause);
    }

    private String throughHere(String reason) {
        return "the jump host " + endpoint + " could not reach it: " + reason;
    }

    private SessionLost lost(Stage stage, String otherwise, Exception cause) {
        return new SessionLost(endpoint, stage, whyLost().orElse(otherwise), cause);
    }

    /** Why the session ended; empty as long as it has not. */
    private Optional<String> whyLost() {
        return wire.lost().map(JschFailures::clean).or(() -> log.lastFailure().map(JschFailures::detail));
    }

    @Override
    public SessionFacts facts() {
        return facts;
    }

    /**
     * {@inheritDoc}
     *
     * <p>JSch's own {@code disconnect} would first send a message for each channel, and wait where the server does not
     * read. With the socket closed the reader thread does that clean-up, and can send nothing.
     */
    @Override
    public void close() {
        wire.close("the session was closed here");
    }
}
