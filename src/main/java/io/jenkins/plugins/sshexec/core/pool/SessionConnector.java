package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Makes sure that a session can be lent: checks one that is connected, connects one that is not. All that blocks on the
 * network for the pool happens here, on a thread of the pool's executor and without any lock. Thread-safe.
 */
final class SessionConnector {

    /** A session used less than this ago is lent without a check: builds lease in quick succession. As in HikariCP. */
    static final Duration BYPASS_WINDOW = Duration.ofMillis(500);

    /** A server that is slower than this to answer a check is taken for dead. */
    static final Duration CHECK_LIMIT = Duration.ofSeconds(5);

    private final SshTransport transport;
    private final NanoClock clock;
    private final TimedExecutor threads;
    private final HandshakeGate gate = new HandshakeGate();

    SessionConnector(SshTransport transport, NanoClock clock, TimedExecutor threads) {
        this.transport = transport;
        this.clock = clock;
        this.threads = threads;
    }

    /**
     * Why a connected {@code session} cannot be lent, if so: it gives no sign of life, or its host key has been revoked or
     * removed since it was opened. Blocks for a round trip if it was not used just now.
     *
     * @param connectTimeout the check takes no longer than this either
     * @throws CancellationException if stopped; nothing is known of the session then
     */
    Optional<RetireReason> whyUnfit(
            PooledSession session, SessionSpec spec, Duration connectTimeout, Cancellation stop) {
        Optional<SshSession> connection = session.connection();
        if (connection.isEmpty() || !connection.get().isOpen()) {
            return Optional.of(RetireReason.DEAD);
        }
        HostKey hostKey = connection.get().facts().hostKey();
        if (!(spec.hostKeyPolicy().check(spec.endpoint(), hostKey) instanceof HostKeyVerdict.Accepted)) {
            return Optional.of(RetireReason.UNTRUSTED);
        }
        if (session.usedWithin(BYPASS_WINDOW)) {
            return Optional.empty();
        }
        Duration limit = connectTimeout.compareTo(CHECK_LIMIT) < 0 ? connectTimeout : CHECK_LIMIT;
        if (connection.get().check(limit, stop)) {
            session.touch();
            return Optional.empty();
        }
        stop.throwIfCancelled(); // What was broken off says nothing of the server.
        return Optional.of(RetireReason.DEAD);
    }

    /**
     * Connects {@code session}. Returns at once where the handshake has to wait for its turn; else when it has ended.
     *
     * @param limit for the turn and the handshake together
     * @param ended told once how it ended, on a thread of the pool: null where the session is connected, else the failure;
     *     a {@link CancellationException} where it was stopped. The login is not used after that.
     */
    void connect(
            PooledSession session, SessionSpec spec, Duration limit, Cancellation stop, Consumer<Throwable> ended) {
        Deadline deadline = Deadline.in(limit, clock);
        session.connecting();
        HandshakeGate.Turn turn = gate.enter(spec.key());
        if (turn.start.isDone()) {
            ended.accept(handshake(turn, null, session, spec, deadline, stop));
            return;
        }
        Cancellation.Registration stopped =
                stop.onCancel(() -> turn.start.completeExceptionally(new CancellationException()));
        Future<?> timer = threads.after(
                limit,
                () -> turn.start.completeExceptionally(
                        new SshException.ConnectTimeout(spec.endpoint(), Stage.WAITING, limit, null)));
        turn.start.whenComplete((start, refusal) -> threads.execute(() -> {
            stopped.close();
            timer.cancel(false);
            ended.accept(handshake(turn, refusal, session, spec, deadline, stop));
        }));
    }

    /** Forgets the logins of keys other than these. */
    void forgetAllBut(Collection<SessionKey> keys) {
        gate.forgetAllBut(keys);
    }

    private Throwable handshake(
            HandshakeGate.Turn turn,
            Throwable refusal,
            PooledSession session,
            SessionSpec spec,
            Deadline deadline,
            Cancellation stop) {
        Throwable failure = refusal == null ? attempt(session, spec, deadline, stop) : refusal;
        if (failure != null) {
            session.notConnected();
        }
        gate.leave(turn, failure);
        return failure;
    }

    private Throwable attempt(PooledSession session, SessionSpec spec, Deadline deadline, Cancellation stop) {
        try {
            stop.throwIfCancelled();
            session.connected(transport.connect(spec, deadline.remaining(), stop));
            return null;
        } catch (SshException | RuntimeException | Error e) {
            // Errors too (a class that cannot be loaded, memory): whatever happened, the turn and the slot must come
            // free. Nothing is lost, every caller that waits for this session gets the failure.
            return e;
        }
    }
}
