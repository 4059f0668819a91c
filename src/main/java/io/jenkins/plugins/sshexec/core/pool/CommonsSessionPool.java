package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The pool over commons-pool2: takes each lease from its seat in the {@link LeaseQueue} over a session of the {@link
 * SessionStore} to the caller, and back.
 *
 * <p>Permits first: a lease has a seat before the store is asked, so that nobody ever waits inside commons-pool2 (its
 * waiting burns processor time and starves other keys). The store holds twice as many sessions as may be in use, and
 * closes the one longest idle where it needs room.
 *
 * <p>The opener of a slot borrows a session for it, checks or connects it; leases that join meanwhile wait for the same
 * opening. The opening uses the login and the cancellation of one lease, the opener, at a time. If that one is cancelled,
 * the attempt is broken off; only then does its future complete, so its login may be wiped then. If others wait for the
 * slot, the first of them becomes the opener and the attempt starts afresh with its login. A failed attempt fails all.
 *
 * <p>Lock order: {@link #resizing} before {@link LeaseQueue} before {@link PooledSession}; {@link SessionStore}, then
 * commons-pool2's own, before {@link PooledSession}. The lock of {@link HandshakeGate} is taken alone. Under none of them a
 * future is completed, a caller's code run, or a transport call made that could block; under those of the store sessions
 * are closed, which never blocks.
 */
public final class CommonsSessionPool implements SessionPool {

    private static final Logger LOGGER = Logger.getLogger(CommonsSessionPool.class.getName());

    private final PoolCounters counters = new PoolCounters();
    private final SessionStore store;
    private final LeaseQueue queue;
    private final SessionConnector connector;
    private final TimedExecutor threads;
    private final LeaseWatch watch;

    /** Held while the store's limit is worked out and set, so that no stale limit overwrites a newer one. */
    private final Object resizing = new Object();

    private volatile PoolSettings settings;

    /**
     * @param executor runs checks and callers' continuations
     * @param handshakes runs handshakes; its threads bound how many of these there are at once
     * @param scheduler ends waiting in time; runs nothing that takes long
     */
    public CommonsSessionPool(
            SshTransport transport,
            PoolSettings settings,
            NanoClock clock,
            Executor executor,
            Executor handshakes,
            ScheduledExecutorService scheduler) {
        this.settings = settings;
        threads = new TimedExecutor(executor, scheduler);
        connector = new SessionConnector(
                transport, clock, threads, new TimedExecutor(handshakes, scheduler), () -> ThreadLocalRandom.current()
                        .nextLong());
        queue = new LeaseQueue(() -> this.settings, clock, lease -> threads.execute(() -> carry(lease)));
        store = new SessionStore(() -> this.settings, clock, counters);
        watch = new LeaseWatch(queue);
        resizeStore();
    }

    @Override
    public CompletableFuture<SessionLease> lease(
            SessionSpec spec, LeaseHolder holder, WaitObserver observer, Cancellation cancellation) {
        PooledLease lease = new PooledLease(spec, holder, observer, this);
        Cancellation.Registration registration = cancellation.onCancel(() -> cancel(lease));
        lease.future().whenComplete((granted, failure) -> registration.close());
        enter(lease);
        return lease.future();
    }

    @Override
    public void apply(PoolSettings changed) {
        settings = changed;
        resizeStore();
        queue.settingsChanged();
        evictExpired();
    }

    @Override
    public void evictExpired() {
        resizeStore();
        store.evict();
        connector.tidy(store.sessions().stream().map(PooledSession::key).toList());
        queue.tidy();
    }

    @Override
    public PoolSnapshot snapshot() {
        Map<Endpoint, Integer> idle = store.sessions().stream()
                .filter(session -> session.state() == PooledSession.State.IDLE)
                .collect(Collectors.toMap(session -> session.key().endpoint(), session -> 1, Integer::sum));
        return new PoolSnapshot(
                queue.snapshot(idle),
                connectedSessions(),
                connector.outages(),
                counters.openedSoFar(),
                counters.reusedSoFar(),
                counters.replacedSoFar(),
                counters.retiredSoFar(),
                counters.refusedSoFar());
    }

    private List<PoolSnapshot.Session> connectedSessions() {
        Map<PooledSession, List<PoolSnapshot.Caller>> holders = new HashMap<>();
        queue.granted()
                .forEach((lease, caller) -> holders.computeIfAbsent(lease.slot.session, session -> new ArrayList<>())
                        .add(caller));
        return store.sessions().stream()
                .flatMap(session -> session.snapshot(holders.getOrDefault(session, List.of())).stream())
                .sorted(Comparator.comparingLong(PoolSnapshot.Session::id))
                .toList();
    }

    /** What an administrator can do with the pool. */
    public PoolOperations operations() {
        return new PoolOperations(store, queue, threads);
    }

    /** Knows the leases that are held for long. */
    public LeaseWatch leaseWatch() {
        return watch;
    }

    /** The executor must not be shut down before; what it has begun ends by itself soon after this returns. */
    @Override
    public void close() {
        queue.close().forEach(lease -> fail(lease, new CancellationException()));
        queue.seated().forEach(lease -> lease.stop().cancel());
        store.close();
    }

    /** {@link SessionLease#close}, called once for each lease. */
    void release(PooledLease lease) {
        watch.returned(lease);
        lease.slot.session.touch();
        vacate(lease);
    }

    /** {@link SessionLease#retire}. */
    void retire(PooledLease lease, RetireReason reason) {
        queue.retire(lease, reason);
    }

    /** {@link SessionLease#channelRefused}. */
    void channelRefused(PooledLease lease) {
        queue.learnSeats(lease);
    }

    /** {@link SessionLease#keepToItself}. */
    boolean keepToItself(PooledLease lease) {
        return queue.claim(lease);
    }

    /** {@link SessionLease#shareAgain}. */
    void shareAgain(PooledLease lease) {
        queue.unclaim(lease);
    }

    private void enter(PooledLease lease) {
        int place;
        try {
            place = queue.enter(lease, () -> carryAtOnce(lease));
        } catch (PoolClosed e) {
            fail(lease, e);
            return;
        }
        if (place > 0) {
            limitWaiting(lease);
            lease.tell(place);
            lease.tellPaused();
        }
        if (lease.stop().isCancelled()) {
            cancel(lease); // It was cancelled before it could be found in line.
        }
    }

    private void limitWaiting(PooledLease lease) {
        Duration limit = settings.waitTimeout();
        Future<?> timer = threads.after(limit, () -> waitedFor(limit, lease));
        lease.future().whenComplete((granted, failure) -> timer.cancel(false));
    }

    /** While its host is paused, a lease is not given up: the pause is none of the caller's making, and has an end. */
    private void waitedFor(Duration limit, PooledLease lease) {
        if (queue.isPaused(lease.endpoint())) {
            limitWaiting(lease);
        } else {
            queue.expire(lease, limit).ifPresent(timeout -> fail(lease, timeout));
        }
    }

    private void cancel(PooledLease lease) {
        lease.stop().cancel();
        if (queue.abandon(lease)) {
            fail(lease, new CancellationException());
        }
    }

    /**
     * Takes a lease on from its seat, on its caller's thread where nothing has to be waited for: builds lease in quick
     * succession, and two changes of threads would take longer than all the rest.
     */
    private void carryAtOnce(PooledLease lease) {
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
            return !slot.session.olderThan(settings.maxAge()) && connector.isKnownFit(slot.session, lease.spec());
        } catch (SshException | RuntimeException | Error e) {
            LOGGER.log(Level.FINE, "It comes again where it is dealt with: " + lease, e);
            return false;
        }
    }

    /** Takes a lease on from its seat. Runs on the executor. */
    private void carry(PooledLease lease) {
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
                slot.session = store.borrow(slot.key());
            }
            ready = isReady(slot.session, opener.spec(), opener.stop());
            if (!ready) {
                connector.connect(
                        slot.session,
                        opener.spec(),
                        settings.connectTimeout(),
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

    /** Whether a session from the store can be lent as it is; if not, it is ready to be connected. */
    private boolean isReady(PooledSession session, SessionSpec spec, Cancellation stop) {
        if (session.connection().isEmpty()) {
            return false;
        }
        Optional<RetireReason> unfit = session.whyNotKept(settings.maxAge())
                .or(() -> connector.whyUnfit(session, spec, settings.connectTimeout(), stop));
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

    /** Takes on a lease on a slot that is open. A session that died under other leases is not lent again. */
    private void join(PooledLease lease) {
        Optional<RetireReason> unfit;
        try {
            lease.stop().throwIfCancelled();
            unfit = connector.whyUnfit(lease.slot.session, lease.spec(), settings.connectTimeout(), lease.stop());
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
            enter(lease);
        }
    }

    private void deliver(PooledLease lease, boolean reused) {
        Optional<SshSession> connection = lease.slot.session.connection();
        if (connection.isEmpty() || lease.stop().isCancelled() || !queue.grant(lease)) {
            giveUp(lease, new CancellationException()); // Cancelled, or the pool was closed.
            return;
        }
        if (reused) {
            counters.reused();
        }
        lease.slot.session.lent();
        lease.deliver(connection.get(), reused, threads);
    }

    private void giveUp(PooledLease lease, Throwable failure) {
        try {
            vacate(lease);
        } finally {
            fail(lease, failure);
        }
    }

    private void vacate(PooledLease lease) {
        queue.vacate(lease).ifPresent(this::putAway);
    }

    /** Completes the caller's future, on the executor because the caller's code runs then. */
    private void fail(PooledLease lease, Throwable failure) {
        Throwable told = failure;
        if (queue.isClosed()) {
            told = new PoolClosed(lease.endpoint());
        } else if (lease.stop().isCancelled() && !(failure instanceof CancellationException)) {
            told = new CancellationException();
            told.initCause(failure);
        }
        Throwable outcome = told;
        counters.refused(RefusalReason.of(outcome));
        threads.execute(() -> lease.future().completeExceptionally(outcome));
    }

    /** Gives the session of a slot without leases back to the store or ends it, then frees the slot. */
    private void putAway(Slot slot) {
        PooledSession session = slot.session;
        try {
            if (session != null) {
                Optional<RetireReason> reason = queue.retired(slot).or(() -> session.whyNotKept(settings.maxAge()));
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

    /**
     * Lets the store hold as many idle sessions as may be in use. While more are in use than that, since the limit was
     * lowered, these count: a borrower, who has a slot, must always find room after closing idle sessions.
     */
    private void resizeStore() {
        synchronized (resizing) {
            int inUse = settings.sessionsInTotal();
            store.resize(inUse + Math.max(inUse, queue.slotsInUse()));
        }
    }
}
