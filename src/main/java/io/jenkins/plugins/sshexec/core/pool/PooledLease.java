package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One lease, from the call that asks for it to its end. A lease {@link #isAhead ahead} of all callers is there to have a session
 * opened, and runs no channel.
 */
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

    private static final Logger LOGGER = Logger.getLogger(PooledLease.class.getName());

    /** @param before what the observer must have heard before. @param told completes when it has heard this too */
    private record PauseNews(CompletableFuture<Void> before, CompletableFuture<Void> told) {}

    private static final LeaseHolder NOBODY = new LeaseHolder("", "a session that is kept ready", "");

    private static final CompletableFuture<Void> NOTHING_TO_TELL = CompletableFuture.completedFuture(null);

    private final SessionSpec spec;
    private final LeaseHolder holder;
    private final SessionPool.WaitObserver observer;
    private final CommonsSessionPool pool;
    private final boolean ahead;
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

    /** When it first asked for a seat. Guarded by the lock of {@link LeaseQueue}. */
    long askedNanos;

    /** When it was granted. Guarded by the lock of {@link LeaseQueue}. */
    long grantedNanos;

    /** Calls of {@link #keepToItself} that were not taken back. Guarded by the lock of {@link LeaseQueue}. */
    int claims;

    /** Completes when the observer has been told its place in line. */
    private volatile CompletableFuture<Void> placeTold = NOTHING_TO_TELL;

    /** That the host is paused, where the observer is still to hear of it. */
    private final AtomicReference<PauseNews> pauseNews = new AtomicReference<>();

    /** Completes when the observer has been told all, so that it hears of the waiting before the caller has the lease. */
    private volatile CompletableFuture<Void> told = NOTHING_TO_TELL;

    private final AtomicBoolean toldOfConnectingAgain = new AtomicBoolean();

    /** Set before {@link #future} completes. */
    private volatile SshSession session;

    /** Set before {@link #future} completes. */
    private volatile boolean reused;

    PooledLease(SessionSpec spec, LeaseHolder holder, SessionPool.WaitObserver observer, CommonsSessionPool pool) {
        this(spec, holder, observer, pool, false);
    }

    private PooledLease(
            SessionSpec spec,
            LeaseHolder holder,
            SessionPool.WaitObserver observer,
            CommonsSessionPool pool,
            boolean ahead) {
        this.spec = spec;
        this.holder = holder;
        this.observer = observer;
        this.pool = pool;
        this.ahead = ahead;
    }

    /** A lease for a session that is to be kept ready. */
    static PooledLease ahead(SessionSpec spec, CommonsSessionPool pool) {
        return new PooledLease(spec, NOBODY, place -> {}, pool, true);
    }

    /** Whether it is nobody's: it counts for no caller, and gives way to each who would have to wait. */
    boolean isAhead() {
        return ahead;
    }

    SessionSpec spec() {
        return spec;
    }

    LeaseHolder holder() {
        return holder;
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
        if (placeTold == NOTHING_TO_TELL) {
            placeTold = new CompletableFuture<>();
            told = placeTold;
        }
    }

    /** The host of the line has been paused. Called with the queue's lock held; {@link #tellPaused} has to follow. */
    void mustTellPaused() {
        PauseNews news = new PauseNews(told, new CompletableFuture<>());
        if (pauseNews.compareAndSet(null, news)) {
            told = news.told();
        }
    }

    /** Tells the observer unless that was done before. */
    void tell(int placeInLine) {
        if (placeTold.isDone()) {
            return;
        }
        try {
            inform(() -> observer.waiting(placeInLine));
        } finally {
            placeTold.complete(null);
        }
    }

    /** Tells the observer, after all that it must hear before, that the host is paused. */
    void tellPaused() {
        PauseNews news = pauseNews.getAndSet(null);
        if (news != null) {
            news.before().whenComplete((told, failure) -> {
                try {
                    inform(observer::paused);
                } finally {
                    news.told().complete(null);
                }
            });
        }
    }

    /** Tells the observer unless that was done before. The lease is on a slot that is being opened. */
    void tellConnectingAgain(SshException failure) {
        if (toldOfConnectingAgain.compareAndSet(false, true)) {
            told = told.thenRun(() -> inform(() -> observer.connectingAgain(failure)));
        }
    }

    private void inform(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | Error e) {
            // A caller's code: if it cannot show what it waits for, the lease is wanted all the same.
            LOGGER.log(Level.WARNING, "Could not tell the caller what it waits for: " + this, e);
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

    boolean isClosed() {
        return closed.get();
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
        return "lease of " + spec + " by " + holder;
    }
}
