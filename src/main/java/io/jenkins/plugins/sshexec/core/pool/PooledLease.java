package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** One lease, from the call that asks for it to its end. */
final class PooledLease implements SessionLease {

    /** Where a lease is on its way. SEATED and LEASED leases hold a seat: these are the permits. */
    enum State {
        /** Neither in line nor on a slot: not yet, not any more, or on its way from a dead session back to the line. */
        OUT,
        /** In its host's line. Next: SEATED, or OUT by cancellation, by timeout or with the pool's end. */
        WAITING,
        /** On a slot whose session is not known to be ready. Next: LEASED, or OUT. */
        SEATED,
        /** The caller has it, or is about to. Next: OUT when closed. */
        LEASED
    }

    private static final CompletableFuture<Void> NOTHING_TO_TELL = CompletableFuture.completedFuture(null);

    private final SessionSpec spec;
    private final SessionPool.WaitObserver observer;
    private final CommonsSessionPool pool;
    private final CompletableFuture<SessionLease> future = new CompletableFuture<>();
    private final Cancellation stop = new Cancellation();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Guarded by the lock of {@link LeaseQueue}. */
    State state = State.OUT;

    /**
     * Guarded by the lock of {@link LeaseQueue}; null before the first seat. A thread that carries a lease with a seat may
     * read it without the lock, because a lease keeps its slot as long as it has a seat.
     */
    Slot slot;

    /** Place in the order of all leases of the pool; 0 before the first entry. Guarded by the lock of {@link LeaseQueue}. */
    long arrival;

    /** Calls of {@link #keepToItself} that were not taken back. Guarded by the lock of {@link LeaseQueue}. */
    int claims;

    /** Completes when the observer has been told, so that it hears of the waiting before the caller has the lease. */
    private volatile CompletableFuture<Void> told = NOTHING_TO_TELL;

    /** Set before {@link #future} completes. */
    private volatile SshSession session;

    /** Set before {@link #future} completes. */
    private volatile boolean reused;

    PooledLease(SessionSpec spec, SessionPool.WaitObserver observer, CommonsSessionPool pool) {
        this.spec = spec;
        this.observer = observer;
        this.pool = pool;
    }

    SessionSpec spec() {
        return spec;
    }

    SessionKey key() {
        return spec.key();
    }

    Endpoint endpoint() {
        return spec.endpoint();
    }

    /** What the caller holds. Nothing but the lease's own outcome completes it, the caller's doings excepted. */
    CompletableFuture<SessionLease> future() {
        return future;
    }

    /** Cancelled when the caller wants the lease no more, or the pool closes; handed to the transport. */
    Cancellation stop() {
        return stop;
    }

    /** The lease has come into the line. Called with the queue's lock held. */
    void mustTell() {
        if (told == NOTHING_TO_TELL) {
            told = new CompletableFuture<>();
        }
    }

    /** Tells the observer unless that was done before. */
    void tell(int placeInLine) {
        if (told.isDone()) {
            return;
        }
        try {
            observer.waiting(placeInLine);
        } finally {
            told.complete(null);
        }
    }

    /** Gives the lease to the caller, on this thread or, where the observer is just being told, on {@code executor}. */
    void deliver(SshSession connection, boolean wasReused, Executor executor) {
        session = connection;
        reused = wasReused;
        if (told.isDone()) {
            complete();
        } else {
            told.thenRunAsync(this::complete, executor);
        }
    }

    private void complete() {
        if (!future.complete(this)) {
            close(); // The caller has completed the future itself: nobody else will ever close this lease.
        }
    }

    @Override
    public SshSession session() {
        return session;
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void retire(RetireReason reason) {
        pool.retire(this, reason);
    }

    @Override
    public void channelRefused() {
        pool.channelRefused(this);
    }

    @Override
    public boolean keepToItself() {
        return pool.keepToItself(this);
    }

    @Override
    public void shareAgain() {
        pool.shareAgain(this);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pool.release(this);
        }
    }

    @Override
    public String toString() {
        return "lease of " + spec;
    }
}
