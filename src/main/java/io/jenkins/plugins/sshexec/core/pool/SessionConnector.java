package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.HostProof;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Makes sure that a session can be lent: checks one that is connected, connects one that is not. All that blocks on the
 * network for the pool happens here, without any lock: checks on the calling thread, handshakes on threads of their own,
 * because hosts that do not answer hold these for the whole connect timeout. Thread-safe.
 */
final class SessionConnector {

    /**
     * A session used less than this ago is lent without a check, which costs a round trip: builds lease in quick succession.
     * Where its server has gone without a word just then, the opening of the channel finds out, later than the check would, and
     * the command is sent on another session.
     */
    static final Duration BYPASS_WINDOW = Duration.ofSeconds(5);

    /** A server that is slower than this to answer a check is taken for dead. */
    static final Duration CHECK_LIMIT = Duration.ofSeconds(5);

    private final SshTransport transport;
    private final NanoClock clock;
    private final TimedExecutor threads;
    private final Executor handshakes;
    private final HandshakeGate gate;

    /**
     * @param threads run what comes after a handshake
     * @param handshakes runs the handshakes; its threads bound how many there are at once. Must refuse none.
     * @param random for the pauses after which a handshake is tried again
     */
    SessionConnector(
            SshTransport transport,
            NanoClock clock,
            TimedExecutor threads,
            Executor handshakes,
            RandomGenerator random) {
        gate = new HandshakeGate(clock, new BackOff(random));
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
        Optional<RetireReason> known = whyKnownUnfit(session, spec);
        if (known.isPresent() || session.usedWithin(BYPASS_WINDOW)) {
            return known;
        }
        Duration limit = connectTimeout.compareTo(CHECK_LIMIT) < 0 ? connectTimeout : CHECK_LIMIT;
        Optional<SshSession> connection = session.connection();
        if (connection.isPresent() && connection.get().check(limit, stop)) {
            session.touch();
            return Optional.empty();
        }
        stop.throwIfCancelled(); // What was broken off says nothing of the server.
        return Optional.of(RetireReason.DEAD);
    }

    /** Whether {@code session} can be lent as it is, without asking its server. */
    boolean isKnownFit(PooledSession session, SessionSpec spec) {
        return session.usedWithin(BYPASS_WINDOW) && whyKnownUnfit(session, spec).isEmpty();
    }

    private static Optional<RetireReason> whyKnownUnfit(PooledSession session, SessionSpec spec) {
        Optional<SshSession> connection = session.connection();
        if (connection.isEmpty() || !connection.get().isOpen()) {
            return Optional.of(RetireReason.DEAD);
        }
        HostProof proof = connection.get().facts().hostProof();
        return proof.isAcceptedBy(spec.hostKeyPolicy(), spec.endpoint())
                ? Optional.empty()
                : Optional.of(RetireReason.UNTRUSTED);
    }

    /**
     * Connects {@code session}. Returns at once. A host that turns the connect away is asked again, within the limit.
     *
     * @param limit for the waiting, for a turn and for a thread, and the handshakes together
     * @param turnedAway told once, on the thread that made the handshake, before it is tried again
     * @param ended told once how it ended, on a thread of the pool: null where the session is connected, else the failure;
     *     a {@link CancellationException} where it was stopped. The login is not used after that.
     */
    void connect(
            PooledSession session,
            SessionSpec spec,
            Duration limit,
            Cancellation stop,
            Consumer<SshException> turnedAway,
            Consumer<Throwable> ended) {
        session.connecting();
        Connecting connecting = new Connecting(session, spec, limit, stop, turnedAway, ended);
        connecting.take(gate.enter(spec.key()));
    }

    /** Forgets what was learnt of keys other than these, and of hosts of long ago. */
    void tidy(Collection<SessionKey> keys) {
        gate.tidy(keys);
    }

    /** {@link PoolSnapshot#outages}. */
    List<PoolSnapshot.Outage> outages() {
        return gate.outages();
    }

    /** One session on its way through as many handshakes as it takes; one thread at a time works on it. */
    private final class Connecting {

        private final PooledSession session;
        private final SessionSpec spec;
        private final Duration limit;
        private final Cancellation stop;
        private final Consumer<SshException> turnedAway;
        private final Consumer<Throwable> ended;
        private final Deadline deadline;

        Connecting(
                PooledSession session,
                SessionSpec spec,
                Duration limit,
                Cancellation stop,
                Consumer<SshException> turnedAway,
                Consumer<Throwable> ended) {
            this.session = session;
            this.spec = spec;
            this.limit = limit;
            this.stop = stop;
            this.turnedAway = turnedAway;
            this.ended = ended;
            this.deadline = Deadline.in(limit, clock);
        }

        void take(HandshakeGate.Turn turn) {
            take(turn, new ConnectTimeout(spec.endpoint(), Stage.WAITING, limit, null));
        }

        /** @param tooLate how it ends where the turn does not begin in time */
        private void take(HandshakeGate.Turn turn, SshException tooLate) {
            // Completed by the thread that begins the handshake, which then makes it, or by what keeps it from being
            // made.
            CompletableFuture<Void> begun = new CompletableFuture<>();
            Cancellation.Registration stopped =
                    stop.onCancel(() -> begun.completeExceptionally(new CancellationException()));
            List<Future<?>> timers = new ArrayList<>(2);
            timers.add(threads.after(deadline.remaining(), () -> begun.completeExceptionally(tooLate)));
            if (!turn.pause.isZero()) {
                timers.add(threads.after(turn.pause, () -> gate.resume(turn)));
            }
            begun.whenComplete((ignored, refusal) -> {
                stopped.close();
                timers.forEach(timer -> timer.cancel(false));
                if (refusal == null) {
                    shakeHands(turn);
                } else {
                    leave(turn, refusal);
                }
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

        private void shakeHands(HandshakeGate.Turn turn) {
            Throwable failure = handshake();
            if (failure instanceof ConnectFailed failed && !stop.isCancelled() && !deadline.isExpired()) {
                Optional<HandshakeGate.Turn> again = gate.again(turn, failed);
                if (again.isPresent()) {
                    if (turn.tries == 1) {
                        turnedAway.accept(failed);
                    }
                    take(again.get(), failed);
                    return;
                }
            }
            leave(turn, failure);
        }

        private void leave(HandshakeGate.Turn turn, Throwable failure) {
            if (failure != null) {
                session.notConnected();
            }
            gate.leave(turn, failure);
            threads.execute(() -> ended.accept(failure));
        }

        /** Returns how it failed; null where the session is connected. */
        private Throwable handshake() {
            try {
                stop.throwIfCancelled();
                session.connected(transport.connect(spec, deadline.remaining(), stop));
                return null;
            } catch (ConnectTimeout e) {
                // It knows only what was left of the time when its turn came.
                return new ConnectTimeout(e.endpoint(), e.stage(), limit, e);
            } catch (SshException | RuntimeException | Error e) {
                // Errors too (a class that cannot be loaded, memory): whatever happened, the turn and the slot must
                // come free. Nothing is lost, every caller that waits for this session gets the failure.
                return e;
            }
        }
    }
}
