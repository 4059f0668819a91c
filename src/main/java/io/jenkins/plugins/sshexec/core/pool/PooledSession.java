package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A place in the store for one connection at a time. A connection found dead is replaced in its place, so that the count
 * of sessions does not move and the borrower sees nothing of it.
 *
 * <p>At any time one party owns a pooled session: the {@link Slot} that borrowed it, or the store. The owner alone moves
 * its state, on one thread at a time; the exception is {@link #close}, which the pool's shutdown calls from outside.
 * Thread-safe. The transport is never called with the lock held.
 */
final class PooledSession {

    /** Where a pooled session is in its life. */
    enum State {
        /** No connection: fresh from the store, or the last one is gone. Next: CONNECTING. */
        NEW,
        /** The slot's opener is connecting, or waits for its turn to. Next: LEASED, or NEW where that failed. */
        CONNECTING,
        /** Connected and owned by a slot, which checks it or runs its leases' channels on it. Next: IDLE, or NEW where found dead. */
        LEASED,
        /** Connected, in the store, without a lease. Next: LEASED when borrowed. */
        IDLE,
        /** No connection, and there will be none again: retired, or the pool is closed. */
        CLOSED
    }

    private static final Logger LOGGER = Logger.getLogger(PooledSession.class.getName());

    private final SessionKey key;
    private final NanoClock clock;
    private final PoolCounters counters;

    /** A leaf: no other lock is taken with it held. */
    private final Object lock = new Object();

    /** Guarded by {@link #lock}. */
    private State state = State.NEW;

    /** Guarded by {@link #lock}. Invariant: present exactly in the states LEASED and IDLE. */
    private SshSession connection;

    /** The connection's number; see {@link PoolSnapshot.Session#id}. Guarded by {@link #lock}. */
    private long id;

    /** Leases given on the connection. Guarded by {@link #lock}. */
    private long uses;

    /** What the caller of the last lease brought along, or where there was none, the one who had it opened. Guarded by {@link #lock}. */
    private HostLimits limits = HostLimits.NONE;

    /** Why the connection is to take no more leases and to be closed; null where it is not. Guarded by {@link #lock}. */
    private RetireReason retired;

    /** What the connection negotiated; null before the first. Guarded by {@link #lock}. */
    private SessionFacts facts;

    /** When the connection was opened. Guarded by {@link #lock}. */
    private long openedNanos;

    /** When the connection last showed to be alive, or last carried a lease. Guarded by {@link #lock}. */
    private long usedNanos;

    PooledSession(SessionKey key, NanoClock clock, PoolCounters counters) {
        this.key = key;
        this.clock = clock;
        this.counters = counters;
    }

    SessionKey key() {
        return key;
    }

    State state() {
        synchronized (lock) {
            return state;
        }
    }

    Optional<SshSession> connection() {
        synchronized (lock) {
            return Optional.ofNullable(connection);
        }
    }

    /** The store has given this session to a slot. */
    void borrowed() {
        synchronized (lock) {
            if (state == State.IDLE) {
                state = State.LEASED;
            }
        }
    }

    /** A connection is about to be made. */
    void connecting() {
        move(State.NEW, State.CONNECTING);
    }

    /** The attempt to connect came to nothing. */
    void notConnected() {
        move(State.CONNECTING, State.NEW);
    }

    /**
     * The attempt to connect gave {@code made}, which is closed at once where the pool has been closed meanwhile.
     *
     * @throws CancellationException in that case
     */
    void connected(SshSession made) {
        long number = counters.opened();
        SessionFacts negotiated = made.facts();
        synchronized (lock) {
            if (state == State.CONNECTING) {
                state = State.LEASED;
                connection = made;
                facts = negotiated;
                id = number;
                uses = 0;
                retired = null;
                openedNanos = clock.nanoTime();
                usedNanos = openedNanos;
                return;
            }
        }
        end(made, RetireReason.SHUTDOWN);
        throw new CancellationException("The pool was closed while " + key + " was being connected.");
    }

    /** The connection has shown to be alive, or has just carried a lease. */
    void touch() {
        synchronized (lock) {
            usedNanos = clock.nanoTime();
        }
    }

    /** A lease is given on the connection, to a caller with these limits. */
    void lent(HostLimits its) {
        synchronized (lock) {
            uses++;
            limits = its;
        }
    }

    /** The connection was made for callers with these limits, and nobody has it yet. */
    void keptFor(HostLimits its) {
        synchronized (lock) {
            limits = its;
        }
    }

    /**
     * How many sessions like this may be in use at once, as far as its last caller knew.
     *
     * @param ofAll what holds for all hosts; never less, since other callers may bring no limit along
     */
    int mostPerHost(int ofAll) {
        synchronized (lock) {
            return Math.max(ofAll, limits.sessionsPerHost(ofAll));
        }
    }

    /** Marks the connection to be closed when no lease is on it; the first reason counts. Returns false where there is none. */
    boolean retire(RetireReason reason) {
        synchronized (lock) {
            if (connection != null && retired == null) {
                retired = reason;
            }
            return connection != null;
        }
    }

    /** The same for the connection of this number, and no other that has taken its place. */
    boolean retire(long number, RetireReason reason) {
        synchronized (lock) {
            return id == number && retire(reason);
        }
    }

    /** The same where nobody uses the connection. */
    boolean retireIdle(RetireReason reason) {
        synchronized (lock) {
            return state == State.IDLE && retire(reason);
        }
    }

    /** Why the connection is to be closed, if it is. */
    Optional<RetireReason> retired() {
        synchronized (lock) {
            return connection == null ? Optional.empty() : Optional.ofNullable(retired);
        }
    }

    /** How it looks now, used by these; nothing where there is no connection. */
    Optional<PoolSnapshot.Session> snapshot(List<PoolSnapshot.Caller> holders) {
        synchronized (lock) {
            if (connection == null) {
                return Optional.empty();
            }
            long now = clock.nanoTime();
            return Optional.of(new PoolSnapshot.Session(
                    id,
                    key.endpoint(),
                    key.user(),
                    facts,
                    Duration.ofNanos(now - openedNanos),
                    Duration.ofNanos(now - usedNanos),
                    uses,
                    state == State.IDLE,
                    retired != null,
                    holders));
        }
    }

    /** The last lease has ended; the session is on its way to the store. */
    void released() {
        move(State.LEASED, State.IDLE);
    }

    /** Whether the connection carried a lease or was proved alive less than {@code window} ago. */
    boolean usedWithin(Duration window) {
        synchronized (lock) {
            return clock.nanoTime() - usedNanos < window.toNanos();
        }
    }

    /** Whether there is a connection older than {@code maxAge}. */
    boolean olderThan(Duration maxAge) {
        synchronized (lock) {
            return connection != null && clock.nanoTime() - openedNanos > maxAge.toNanos();
        }
    }

    /** Whether there is a connection younger than {@code age}. */
    boolean youngerThan(Duration age) {
        synchronized (lock) {
            return connection != null && clock.nanoTime() - openedNanos < age.toNanos();
        }
    }

    /** Why the connection cannot be kept for another lease, if so, as far as is known without asking the server. */
    Optional<RetireReason> whyNotKept(Duration maxAge) {
        Optional<RetireReason> marked = retired();
        if (marked.isPresent()) {
            return marked;
        }
        if (!connection().map(SshSession::isOpen).orElse(false)) {
            return Optional.of(RetireReason.DEAD);
        }
        return olderThan(maxAge) ? Optional.of(RetireReason.AGED) : Optional.empty();
    }

    /** Closes the connection, if there is one, to make room for another in its place. */
    void disconnect(RetireReason reason) {
        leave(State.NEW, reason);
    }

    /** Closes the connection, if there is one, for good. Idempotent; never blocks. */
    void close(RetireReason reason) {
        leave(State.CLOSED, reason);
    }

    private void leave(State next, RetireReason reason) {
        SshSession ended;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            state = next;
            ended = connection;
            connection = null;
        }
        if (ended != null) {
            end(ended, reason);
        }
    }

    private void end(SshSession ended, RetireReason reason) {
        counters.retired(reason);
        LOGGER.log(Level.FINE, "Closing the session {0}: {1}", new Object[] {key, reason});
        ended.close();
    }

    /** Moves on unless the pool's shutdown has closed this session, which every owner must expect at any time. */
    private void move(State from, State to) {
        synchronized (lock) {
            if (state == from) {
                state = to;
            } else if (state != State.CLOSED) {
                throw new IllegalStateException(key + " is " + state + ", not " + from);
            }
        }
    }

    @Override
    public String toString() {
        return key + " " + state();
    }
}
