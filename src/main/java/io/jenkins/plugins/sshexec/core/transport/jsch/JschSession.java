package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.ExecRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SftpRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

    private final Endpoint endpoint;
    private final Session session;
    private final Wire wire;
    private final JschLog log;
    private final SessionFacts facts;

    /** Completed by the reader thread when it ends. */
    private final CompletableFuture<Void> readerEnded;

    private final ChannelAhead ahead;

    /** Processes whose end is not known yet. */
    private final Set<JschProcess> processes = ConcurrentHashMap.newKeySet();

    private final Tunnels tunnels;

    /** Channels for files that are being opened. */
    private final Set<SftpStart> openingFiles = ConcurrentHashMap.newKeySet();

    /**
     * @param ahead for this session alone
     * @param readerEnded completed by the reader thread as the last thing that it does
     */
    JschSession(
            Endpoint endpoint,
            Session session,
            Wire wire,
            JschLog log,
            SessionFacts facts,
            ChannelAhead ahead,
            CompletableFuture<Void> readerEnded) {
        this.endpoint = endpoint;
        this.session = session;
        this.wire = wire;
        this.log = log;
        this.facts = facts;
        this.ahead = ahead;
        this.readerEnded = readerEnded;
        this.tunnels = new Tunnels(endpoint, session, this::whyLost, readerEnded);
        readerEnded.thenRun(() -> {
            processes.forEach(JschProcess::sessionEnded);
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
     * <p>A cancellation breaks off the opening of the channel, after which the session should not be used again; once the
     * request has left, the server has a second to answer it. JSch takes an interrupt for a timeout; cancel, do not interrupt.
     */
    @Override
    public RemoteProcess start(RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation)
            throws SshException {
        cancellation.throwIfCancelled();
        Optional<JschProcess> opened = takeAhead(timeout, cancellation);
        JschProcess process = opened.isPresent() ? opened.get() : newProcess();
        boolean started = false;
        try (Cancellation.Registration ignored = cancellation.onCancel(process::cancelStart)) {
            if (opened.isEmpty()) {
                open(process, timeout, cancellation);
            }
            // So that its answer is on the way together with that to the request.
            if (openingFiles.isEmpty()) {
                ahead.prepare(processes.size(), () -> openAhead(timeout));
            }
            request(process, command, output, timeout, cancellation);
            started = true;
            return process;
        } finally {
            if (!started) {
                process.abandon();
            }
            tidyAfterReader(process);
        }
    }

    /** It may have come into the set after the reader thread had gone through it. */
    private void tidyAfterReader(JschProcess process) {
        if (readerEnded.isDone()) {
            process.sessionEnded();
        }
    }

    @Override
    public RemoteFiles openFiles(Duration timeout, Cancellation cancellation) throws SshException {
        cancellation.throwIfCancelled();
        return insteadOfAhead(() -> startFiles(timeout, cancellation), timeout, cancellation);
    }

    private RemoteFiles startFiles(Duration timeout, Cancellation cancellation) throws SshException {
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
        return lost(Stage.CHANNEL, noAnswer(timeout), failure);
    }

    /** {@inheritDoc} */
    @Override
    public void tryChannel(Duration timeout) throws SshException {
        insteadOfAhead(
                () -> {
                    openAndClose(timeout);
                    return null;
                },
                timeout,
                new Cancellation());
    }

    private void openAndClose(Duration timeout) throws SshException {
        // JSch's "session" is the channel alone; its "exec" and "shell" are that channel and a request.
        Channel channel = newChannel("session", Channel.class);
        try {
            channel.connect((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
        } catch (JSchException | RuntimeException e) {
            if (isOpen() && channel.getExitStatus() != JschProcess.NO_STATUS) {
                throw JschFailures.channelRefused(endpoint, channel.getExitStatus());
            }
            throw lost(Stage.CHANNEL, noAnswer(timeout), e);
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
     * The channel that was opened for the command, if there is one. A server that was silent for a while is asked for a sign of life,
     * as the opening of a channel would: once the command has left nobody knows whether it ran, and it is not sent again.
     *
     * @throws CancellationException if cancelled
     */
    private Optional<JschProcess> takeAhead(Duration timeout, Cancellation cancellation) throws SshException {
        Optional<JschProcess> opened = ahead.take(timeout, cancellation);
        if (opened.isEmpty() || wire.heardWithin(ahead.silence())) {
            return opened;
        }
        boolean alive = false;
        try {
            alive = check(timeout, cancellation);
        } finally {
            if (!alive) {
                opened.get().abandon();
            }
        }
        if (!alive) {
            throw lost(Stage.CHANNEL, noAnswer(timeout), null);
        }
        return opened;
    }

    private JschProcess newProcess() throws SessionLost {
        ChannelExec channel = newChannel("exec", ChannelExec.class);
        JschProcess process = new JschProcess(endpoint, channel, this::isOver, this::whyLost, processes::remove);
        processes.add(process);
        return process;
    }

    /** @throws CancellationException if cancelled */
    private void open(JschProcess process, Duration timeout, Cancellation cancellation) throws SshException {
        try {
            ahead.tookToOpen(process.open(timeout));
        } catch (JSchException | RuntimeException e) {
            cancellation.throwIfCancelled();
            if (isOpen() && process.openRefusal() != JschProcess.NO_STATUS) {
                throw JschFailures.channelRefused(endpoint, process.openRefusal());
            }
            throw lost(Stage.CHANNEL, noAnswer(timeout), e);
        }
    }

    /** The channel that the next command takes. */
    private JschProcess openAhead(Duration timeout) throws SshException {
        JschProcess process = newProcess();
        boolean open = false;
        try {
            open(process, timeout, new Cancellation());
            open = true;
            return process;
        } finally {
            if (!open) {
                process.abandon();
            }
            tidyAfterReader(process);
        }
    }

    /** Opens a channel of another kind than a command's. */
    @FunctionalInterface
    private interface Opening<T> {
        T run() throws SshException;
    }

    /**
     * Opens a channel of another kind than a command's. The one that was opened ahead is closed before, since there may be no room
     * for both. OpenSSH forgets it a moment later, so a refusal is asked about once more: by its answer that moment is over.
     */
    private <T> T insteadOfAhead(Opening<T> opening, Duration timeout, Cancellation cancellation) throws SshException {
        Optional<JschProcess> closed = ahead.take(timeout, cancellation);
        closed.ifPresent(JschProcess::abandon);
        try {
            return opening.run();
        } catch (ChannelRefused e) {
            if (closed.isEmpty()) {
                throw e;
            }
            return opening.run();
        }
    }

    /**
     * Sends the requests. JSch's exception says neither which of them failed nor how, so that is told by what is certain: a
     * request of which no packet was handed to the socket by this thread has not left.
     *
     * @throws CancellationException if cancelled before the request left
     */
    private void request(
            JschProcess process, RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation)
            throws SshException {
        cancellation.throwIfCancelled();
        // The exec request comes last.
        int packets =
                (command.terminal().isPresent() ? 1 : 0) + command.environment().size() + 1;
        try (Wire.PacketCount sent = wire.countPackets(process::wake)) {
            try {
                process.request(command, output);
            } catch (JSchException | RuntimeException e) {
                boolean all = sent.get() >= packets;
                if (isOpen() && JschFailures.REQUEST_REFUSED.equals(e.getMessage())) {
                    throw new ExecRefused(
                            endpoint, all ? "the server answered with a failure" : "it gives no terminal");
                }
                if (all) {
                    throw lost(Stage.RUN, JschFailures.detail(e), e);
                }
                cancellation.throwIfCancelled();
                throw lost(Stage.CHANNEL, sent.get() == 0 ? JschFailures.detail(e) : noAnswer(timeout), e);
            }
            if (sent.get() < packets) {
                // JSch drops packets without a word once its session is closed.
                throw lost(Stage.CHANNEL, "the session was closed", null);
            }
        }
        openInput(process, command);
    }

    /** Connections from the server on, for which it is a jump host. */
    Tunnels tunnels() {
        return tunnels;
    }

    private static String noAnswer(Duration timeout) {
        return "no answer within " + timeout.toSeconds() + " seconds";
    }

    private SessionLost lost(Stage stage, String otherwise, Exception cause) {
        return new SessionLost(endpoint, stage, whyLost().orElse(otherwise), cause);
    }

    /** Whether nothing more comes from the server: JSch has read the last of it, or has given up on it. */
    private boolean isOver() {
        return wire.isReadingOver() || log.lastFailure().isPresent();
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
