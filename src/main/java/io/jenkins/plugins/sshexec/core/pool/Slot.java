package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.SessionKey;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The permit to have one session in use, and the leases that share it. Slots are what the limits per host and in total
 * count. A slot lives from its first lease to its last; the session then goes back to the store for another slot.
 *
 * <p>Bookkeeping of the {@link LeaseQueue}: it is guarded by the queue's lock where nothing else is said.
 */
final class Slot {

    /** Where a slot is in its life. */
    enum State {
        /** Its session is borrowed, checked and, if need be, connected by the thread that carries the opener's lease. */
        OPENING,
        /** Its session is connected; leases are given on it. */
        OPEN,
        /** It has no lease and takes none. Its session is being given back or closed, and counts until that is done. */
        ENDING
    }

    private final SessionKey key;

    State state = State.OPENING;

    /** Those with a seat, in the order in which they took it. Invariant: empty exactly in state ENDING. */
    final Set<PooledLease> leases = new LinkedHashSet<>();

    /**
     * The lease whose login and cancellation the opening uses; one of {@link #leases} in state OPENING. Only the thread that
     * carries it, or hands it on, changes it from then on, and may read it without the lock.
     */
    PooledLease opener;

    /** Why the session shall be closed with the last lease; null where it shall be kept. */
    RetireReason retired;

    /** Set once, by the thread that opens; null before. */
    volatile PooledSession session;

    Slot(PooledLease opener) {
        this.key = opener.spec().key();
        this.opener = opener;
    }

    /** Callers that have a seat here; who opens it ahead of them takes none from them. */
    int callers() {
        return opener.isAhead() && leases.contains(opener) ? leases.size() - 1 : leases.size();
    }

    SessionKey key() {
        return key;
    }
}
