package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * The pool over commons-pool2: what callers and administrators ask of it, its settings and its end. A lease gets its seat in
 * the {@link LeaseQueue}, and {@link Lending} takes it from there over a session of the {@link SessionStore} to the caller.
 *
 * <p>Permits first: a lease has a seat before the store is asked, so that nobody ever waits inside commons-pool2 (its
 * waiting burns processor time and starves other keys). The store holds twice as many sessions as may be in use, and
 * closes the one longest idle where it needs room.
 *
 * <p>Lock order: {@link #resizing} before {@link LeaseQueue} before {@link PooledSession}; {@link SessionStore}, then
 * commons-pool2's own, before {@link PooledSession}. The lock of {@link HandshakeGate} is taken alone. Under none of them a
 * future is completed, a caller's code run, or a transport call made that could block; under those of the store sessions
 * are closed, which never blocks.
 */
public final class CommonsSessionPool implements SessionPool {

    private final PoolCounters counters = new PoolCounters();
    private final SessionStore store;
    private final LeaseQueue queue;
    private final SessionConnector connector;
    private final Lending lending;
    private final TimedExecutor threads;
    private final LeaseWatch watch;
    private final ReadySessions ready;

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
        queue = new LeaseQueue(() -> this.settings, clock, this::carryOn);
        store = new SessionStore(() -> this.settings, clock, counters);
        lending = new Lending(store, queue, connector, counters, () -> this.settings, threads, this::enter);
        watch = new LeaseWatch(queue);
        ready = new ReadySessions(
                store, queue, lending, spec -> PooledLease.ahead(spec, this), () -> this.settings, clock);
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

    /** Keeps sessions ready for callers to come. */
    public ReadySessions ready() {
        return ready;
    }

    /** Knows the leases that are held for long. */
    public LeaseWatch leaseWatch() {
        return watch;
    }

    /** The executor must not be shut down before; what it has begun ends by itself soon after this returns. */
    @Override
    public void close() {
        queue.close().forEach(lease -> lending.fail(lease, new CancellationException()));
        queue.seated().forEach(lease -> lease.stop().cancel());
        store.close();
    }

    /** {@link SessionLease#close}, called once for each lease. */
    void release(PooledLease lease) {
        watch.returned(lease);
        lease.slot.session.touch();
        lending.vacate(lease);
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
            place = queue.enter(lease, () -> lending.carryAtOnce(lease));
        } catch (PoolClosed e) {
            lending.fail(lease, e);
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

    /** A lease got its seat on the thread of somebody else, who is not to be held up. */
    private void carryOn(PooledLease lease) {
        threads.execute(() -> lending.carry(lease));
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
            queue.expire(lease, limit).ifPresent(timeout -> lending.fail(lease, timeout));
        }
    }

    private void cancel(PooledLease lease) {
        lease.stop().cancel();
        if (queue.abandon(lease)) {
            lending.fail(lease, new CancellationException());
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
