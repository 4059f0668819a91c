package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/** From the connected socket to the logged-in session: identification, key exchange, host key, login. Used once. */
final class JschHandshake {

    /** How long a writer waits for a key re-exchange to go on (RFC 4253 section 9). */
    private static final Duration REKEY_LIMIT = Duration.ofSeconds(10);

    private final SessionSpec spec;
    private final Duration limit;
    private final Deadline deadline;
    private final Wire wire;
    private final JschLogin login;
    private final JschLog log;
    private final JschHostKeys hostKeys;
    private final CompletableFuture<Void> readerEnded = new CompletableFuture<>();
    private final AtomicBoolean readerMade = new AtomicBoolean();

    JschHandshake(SessionSpec spec, Duration limit, Deadline deadline, Wire wire, JschLogin login, JschLog log) {
        this.spec = spec;
        this.limit = limit;
        this.deadline = deadline;
        this.wire = wire;
        this.login = login;
        this.log = log;
        this.hostKeys = new JschHostKeys(spec.endpoint(), spec.hostKeyPolicy(), log);
    }

    /** Closes the wire unless it returns a session. */
    JschSession run(
            JSch jsch, ThreadFactory threads, Duration keepAlive, ChannelsAhead ahead, Cancellation cancellation)
            throws SshException {
        Cancellation.Registration registration = cancellation.onCancel(() -> wire.close("cancelled"));
        boolean connected = false;
        try {
            Session session = prepare(jsch, threads, keepAlive);
            // Without a timeout of JSch's own, which would be one for each read: the wire keeps the deadline.
            session.connect(0);
            registration.close();
            connected = !cancellation.isCancelled();
            cancellation.throwIfCancelled();
            SessionFacts facts = facts(session);
            return new JschSession(spec.endpoint(), session, wire, log, facts, ahead.on(spec, facts), readerEnded);
        } catch (JSchException | RuntimeException e) {
            if (cancellation.isCancelled()) {
                throw (CancellationException) new CancellationException().initCause(e);
            }
            throw JschFailures.ofHandshake(spec, limit, deadline, hostKeys, wire, login.attempt(), e);
        } finally {
            registration.close();
            if (!connected) {
                wire.close("the handshake failed");
            }
        }
    }

    private Session prepare(JSch jsch, ThreadFactory threads, Duration keepAlive) throws JSchException {
        Session session = jsch.getSession(
                spec.login().user(), spec.endpoint().host(), spec.endpoint().port());
        session.setLogger(log);
        session.setSocketFactory(wire);
        session.setThreadFactory(reader -> readerThread(reader, threads, keepAlive, session));
        session.setHostKeyRepository(hostKeys);
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("HashKnownHosts", "no");
        // JSch then asks the repository for known keys right after the banner, which tells the stage.
        session.setConfig("prefer_known_host_key_types", "yes");
        // Else a key that nobody knows would pass as a first contact, because its certificate is not good.
        session.setConfig("host_certificate_to_key_fallback", "no");
        JschAlgorithms.apply(spec.algorithms(), session);
        session.setConfig(
                JschAlgorithms.SERVER_HOST_KEY, hostKeys.proposal(session.getConfig(JschAlgorithms.SERVER_HOST_KEY)));
        login.applyTo(session);
        return session;
    }

    /**
     * JSch asks for the reader's thread when the login is done. Should the server open a channel by itself, JSch asks for
     * one more, which is none of ours.
     */
    private Thread readerThread(Runnable reader, ThreadFactory threads, Duration keepAlive, Session session) {
        if (!readerMade.compareAndSet(false, true)) {
            return threads.newThread(reader);
        }
        try {
            // Not earlier: JSch would hold the first key exchange to it. It sets the socket's timeout too, as a side
            // effect.
            session.setTimeout((int) REKEY_LIMIT.toMillis());
            wire.established(keepAlive, () -> sendKeepAlive(session));
        } catch (JSchException | SocketException e) {
            throw new IllegalStateException("The connection was closed at the end of the handshake", e);
        }
        log.loggedIn();
        return threads.newThread(() -> {
            Thread.currentThread().setName("ssh-exec reader of " + spec);
            try {
                reader.run();
            } finally {
                wire.close("the connection was closed");
                readerEnded.complete(null);
            }
        });
    }

    /**
     * Sends a keepalive, or fails at once while keys are being exchanged: JSch would wait for the end of that exchange, and
     * this is the thread that has to read it. Its limit for the wait is the session's timeout.
     */
    private static void sendKeepAlive(Session session) throws Exception {
        session.setTimeout(1);
        try {
            session.sendKeepAliveMsg();
        } finally {
            session.setTimeout((int) REKEY_LIMIT.toMillis());
        }
    }

    private SessionFacts facts(Session session) {
        return new SessionFacts(
                JschFailures.clean(session.getServerVersion()),
                hostKeys.proof(session.getServerHostKeyAlgorithm()),
                session.getKexAlgorithm(),
                session.getCipherAlgorithmS2C());
    }
}
