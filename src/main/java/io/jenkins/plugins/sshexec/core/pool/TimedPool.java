package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.Timings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Another pool, of which is measured how long its callers wait for their leases. Thread-safe. */
public final class TimedPool implements SessionPool {

    private final SessionPool pool;
    private final Timings timings;
    private final NanoClock clock;

    public TimedPool(SessionPool pool, Timings timings, NanoClock clock) {
        this.pool = pool;
        this.timings = timings;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<SessionLease> lease(
            SessionSpec spec, LeaseHolder holder, WaitObserver observer, Cancellation cancellation) {
        long startNanos = clock.nanoTime();
        CompletableFuture<SessionLease> asked = pool.lease(spec, holder, observer, cancellation);
        // Beside the future, not in its place: the caller gets the pool's own.
        asked.thenRun(() -> timings.took(Timings.Part.BORROW, Duration.ofNanos(clock.nanoTime() - startNanos)));
        return asked;
    }

    @Override
    public void apply(PoolSettings settings) {
        pool.apply(settings);
    }

    @Override
    public void evictExpired() {
        pool.evictExpired();
    }

    @Override
    public PoolSnapshot snapshot() {
        return pool.snapshot();
    }

    @Override
    public void close() {
        pool.close();
    }
}
