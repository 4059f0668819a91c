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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Makes sure that a session can be lent: checks one that is connected, connects one that is not. All that blocks on the
 * network for the pool happens here, without any lock: checks on the calling thread, handshakes on threads of their own,
 * because hosts that do not answer hold these for the whole connect timeout. Thread-safe.
 */
final class SessionConnector {

    /** A session used less than this ago is lent without a check: builds lease in quick succession. As in HikariCP. */
    static final Duration BYPASS_WINDOW = Duration.ofMillis(500);

    /** A server that is slower than this to answer a check is taken for dead. */
    static final Duration CHECK_LIMIT = Duration.ofSeconds(5);

    private final SshTransport transport;
    private final NanoClock clock;
    private final TimedExecutor threads;
    private final Executor handshakes;
    private final HandshakeGate gate = new HandshakeGate();

    /**
     * @param threads run what comes after a handshake
     * @param handshakes runs the handshakes; its threads bound how many there are at once. Must refuse none.
     */
    SessionConnector(SshTransport transport, NanoClock clock, TimedExecutor threads, Executor handshakes) {
        this.transport = transport;
        this.clock = clock;
        this.threads = threads;
        this.handshakes = handshakes;
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
     * Connects {@code session}. Returns at once.
     *
     * @param limit for the waiting, for a turn and for a thread, and the handshake together
     * @param ended told once how it ended, on a thread of the pool: null where the session is connected, else the failure;
     *     a {@link CancellationException} where it was stopped. The login is not used after that.
     */
    void connect(
            PooledSession session, SessionSpec spec, Duration limit, Cancellation stop, Consumer<Throwable> ended) {
        Deadline deadline = Deadline.in(limit, clock);
        session.connecting();
        HandshakeGate.Turn turn = gate.enter(spec.key());
        // Completed by the thread that begins the handshake, which then makes it, or by what keeps it from being made.
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Cancellation.Registration stopped =
                stop.onCancel(() -> begun.completeExceptionally(new CancellationException()));
        Future<?> timer = threads.after(
                limit,
                () -> begun.completeExceptionally(
                        new SshException.ConnectTimeout(spec.endpoint(), Stage.WAITING, limit, null)));
        begun.whenComplete((ignored, refusal) -> {
            stopped.close();
            timer.cancel(false);
            Throwable failure = refusal == null ? handshake(session, spec, deadline, stop) : refusal;
            if (failure != null) {
                session.notConnected();
            }
            gate.leave(turn, failure);
            threads.execute(() -> ended.accept(failure));
        });
        // Last, so that the handshake is made on the thread that begins it.
        turn.start.whenComplete((start, refusal) -> {
            if (refusal == null) {
                handshakes.execute(() -> begun.complete(null));
            } else {
                begun.completeExceptionally(refusal);
            }
        });
    }

    /** Forgets the logins of keys other than these. */
    void forgetAllBut(Collection<SessionKey> keys) {
        gate.forgetAllBut(keys);
    }

    /** Returns how it failed; null where the session is connected. */
    private Throwable handshake(PooledSession session, SessionSpec spec, Deadline deadline, Cancellation stop) {
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
