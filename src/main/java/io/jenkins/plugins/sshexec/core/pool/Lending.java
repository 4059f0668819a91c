package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes each lease from its seat in the {@link LeaseQueue} over a session of the {@link SessionStore} to its caller, and the
 * session of a slot that nobody holds any more back to the store.
 *
 * <p>The opener of a slot borrows a session for it, checks or connects it; leases that join meanwhile wait for the same
 * opening. The opening uses the login and the cancellation of one lease, the opener, at a time. If that one is cancelled,
 * the attempt is broken off; only then does its future complete, so its login may be wiped then. If others wait for the
 * slot, the first of them becomes the opener and the attempt starts afresh with its login. A failed attempt fails all.
 *
 * <p>Thread-safe, without state or lock of its own.
 */
final class Lending {

    private static final Logger LOGGER = Logger.getLogger(Lending.class.getName());

    private final SessionStore store;
    private final LeaseQueue queue;
    private final SessionConnector connector;
    private final PoolCounters counters;
    private final Supplier<PoolSettings> settings;
    private final TimedExecutor threads;
    private final Consumer<PooledLease> backIntoLine;

    /**
     * @param settings read anew for each decision
     * @param threads run checks and callers' continuations
     * @param backIntoLine given each lease whose session turned out to be dead under other leases; it has no seat then
     */
    Lending(
            SessionStore store,
            LeaseQueue queue,
            SessionConnector connector,
            PoolCounters counters,
            Supplier<PoolSettings> settings,
            TimedExecutor threads,
            Consumer<PooledLease> backIntoLine) {
        this.store = store;
        this.queue = queue;
        this.connector = connector;
        this.counters = counters;
        this.settings = settings;
        this.threads = threads;
        this.backIntoLine = backIntoLine;
    }

    /**
     * Takes a lease on from its seat, on its caller's thread where nothing has to be waited for: builds lease in quick
     * succession, and two changes of threads would take longer than all the rest.
     */
    void carryAtOnce(PooledLease lease) {
        if (!isFitAtOnce(lease)) {
            threads.execute(() -> carry(lease));
        } else if (lease.slot.opener == lease) {
            opened(lease.slot, true);
        } else {
            deliver(lease, true);
        }
    }

    /** Whether the lease's session is there and needs no check. */
    private boolean isFitAtOnce(PooledLease lease) {
        Slot slot = lease.slot;
        try {
            if (slot.opener == lease) {
                slot.session = store.borrow(slot.key());
            }
            return slot.session.whyNotKept(settings.get().maxAge()).isEmpty()
                    && connector.isKnownFit(slot.session, lease.spec());
        } catch (SshException | RuntimeException | Error e) {
            LOGGER.log(Level.FINE, "It comes again where it is dealt with: " + lease, e);
            return false;
        }
    }

    /** Takes a lease on from its seat. Runs on the executor. */
    void carry(PooledLease lease) {
        if (lease.slot.opener == lease) {
            open(lease.slot);
        } else {
            join(lease);
        }
    }

    private void open(Slot slot) {
        PooledLease opener = slot.opener;
        boolean ready;
        try {
            opener.stop().throwIfCancelled();
            if (slot.session == null) {
                slot.session = opener.isAhead() ? borrowNew(opener) : store.borrow(slot.key());
            }
            ready = isReady(slot.session, opener.spec(), opener.stop());
            if (!ready) {
                connector.connect(
                        slot.session,
                        opener.spec(),
                        settings.get().connectTimeout(),
                        opener.stop(),
                        failure -> queue.leases(slot).forEach(lease -> lease.tellConnectingAgain(failure)),
                        failure -> openingEnded(slot, failure));
            }
        } catch (SshException | RuntimeException | Error e) {
            openingEnded(slot, e); // Errors too: the slot must come free, and its leases get the failure.
            return;
        }
        if (ready) {
            opened(slot, true);
        }
    }

    /** Breaks off where others would have to make room. */
    private PooledSession borrowNew(PooledLease ahead) {
        return store.borrowNew(ahead.key(), settings.get().sessionsInTotal()).orElseThrow(() -> {
            ahead.stop().cancel();
            return new CancellationException();
        });
    }

    /** Whether a session from the store can be lent as it is; if not, it is ready to be connected. */
    private boolean isReady(PooledSession session, SessionSpec spec, Cancellation stop) {
        if (session.connection().isEmpty()) {
            return false;
        }
        Optional<RetireReason> unfit = session.whyNotKept(settings.get().maxAge())
                .or(() -> connector.whyUnfit(session, spec, settings.get().connectTimeout(), stop));
        unfit.ifPresent(reason -> {
            session.disconnect(reason);
            counters.replaced();
        });
        return unfit.isEmpty();
    }

    private void openingEnded(Slot slot, Throwable failure) {
        PooledLease opener = slot.opener;
        if (failure == null) {
            opened(slot, false);
        } else if (failure instanceof CancellationException && opener.stop().isCancelled() && !queue.isClosed()) {
            boolean wanted = queue.replaceOpener(slot);
            try {
                if (wanted) {
                    threads.execute(() -> open(slot));
                } else {
                    putAway(slot);
                }
            } finally {
                fail(opener, failure);
            }
        } else {
            List<PooledLease> lost = queue.failed(slot);
            try {
                putAway(slot);
            } finally {
                lost.forEach(lease -> fail(lease, failure));
            }
        }
    }

    private void opened(Slot slot, boolean reused) {
        queue.opened(slot).forEach(joined -> threads.execute(() -> join(joined)));
        // Last, because the caller goes on on this thread and may block it for its channel.
        deliver(slot.opener, reused);
    }

    /**
     * Takes on a lease on a slot that is open. A session that died under other leases, or was retired since this one took its
     * seat, is not lent again.
     */
    private void join(PooledLease lease) {
        Optional<RetireReason> unfit;
        try {
            lease.stop().throwIfCancelled();
            PooledSession session = lease.slot.session;
            unfit = connector
                    .whyUnfit(session, lease.spec(), settings.get().connectTimeout(), lease.stop())
                    .or(() -> queue.retired(lease.slot))
                    .or(session::retired);
        } catch (RuntimeException | Error e) {
            giveUp(lease, e);
            return;
        }
        if (unfit.isEmpty()) {
            deliver(lease, true);
        } else {
            counters.replaced();
            queue.retire(lease, unfit.get());
            vacate(lease);
            backIntoLine.accept(lease);
        }
    }

    private void deliver(PooledLease lease, boolean reused) {
        Optional<SshSession> connection = lease.slot.session.connection();
        if (connection.isEmpty() || lease.stop().isCancelled() || !queue.grant(lease)) {
            giveUp(lease, new CancellationException()); // Cancelled, or the pool was closed.
            return;
        }
        if (lease.isAhead()) {
            lease.slot.session.keptFor(lease.spec().limits());
        } else {
            if (reused) {
                counters.reused();
            }
            lease.slot.session.lent(lease.spec().limits());
        }
        lease.deliver(connection.get(), reused, threads);
    }

    private void giveUp(PooledLease lease, Throwable failure) {
        try {
            vacate(lease);
        } finally {
            fail(lease, failure);
        }
    }

    /** Gives the lease's seat back, and the session with it where this was the last lease on it. */
    void vacate(PooledLease lease) {
        queue.vacate(lease).ifPresent(this::putAway);
    }

    /** Tells the caller that it gets no lease, on the executor because the caller's code runs then. The lease has no seat. */
    void fail(PooledLease lease, Throwable failure) {
        Throwable told = failure;
        if (queue.isClosed()) {
            told = new PoolClosed(lease.endpoint());
        } else if (lease.stop().isCancelled() && !(failure instanceof CancellationException)) {
            told = new CancellationException();
            told.initCause(failure);
        }
        Throwable outcome = told;
        if (!lease.isAhead()) {
            counters.refused(RefusalReason.of(outcome));
        }
        threads.execute(() -> lease.future().completeExceptionally(outcome));
    }

    /** Gives the session of a slot without leases back to the store or ends it, then frees the slot. */
    private void putAway(Slot slot) {
        PooledSession session = slot.session;
        try {
            if (session != null) {
                Optional<RetireReason> reason = queue.retired(slot)
                        .or(() -> session.whyNotKept(settings.get().maxAge()));
                if (reason.isPresent()) {
                    store.discard(session, reason.get());
                } else {
                    store.giveBack(session);
                }
            }
        } finally {
            queue.free(slot);
        }
    }
}
