package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.util.concurrent.CompletableFuture;

/** Sessions shared by all builds of the controller. Thread-safe; no method blocks on the network. */
public interface SessionPool extends AutoCloseable {

    /**
     * Asks for the right to run one channel on a live session: an idle one where there is one, else a new one. Waits in
     * line, holding no thread, while the host's or the pool's limit is reached.
     *
     * @param spec its login must stay unwiped until the future has completed
     * @param holder who wants it, for the page of the pool and for logs
     * @param cancellation leaves the line or breaks off the connecting at once; the future then completes with a {@link
     *     java.util.concurrent.CancellationException}
     * @return the lease, which the caller closes; or exceptionally an {@link SshException}. Complete already where a session
     *     was used just now; else it completes on a thread of the pool's executor, which the caller may use for the exec
     *     request.
     */
    CompletableFuture<SessionLease> lease(
            SessionSpec spec, LeaseHolder holder, WaitObserver observer, Cancellation cancellation);

    /** Uses {@code settings} for leases from now on. Leases that are out stay; lowered limits are reached as they end. */
    void apply(PoolSettings settings);

    /** Closes what has been idle or alive for too long. Called every now and then by a periodic task. */
    void evictExpired();

    /** A point-in-time view; sums may not add up while leases come and go. */
    PoolSnapshot snapshot();

    /** Ends the pool: waiters fail, idle sessions close, leased ones too. Idempotent. */
    @Override
    void close();

    /**
     * Told what a caller waits for, before its lease is granted and never two things at once; must not block.
     */
    @FunctionalInterface
    interface WaitObserver {
        /** The caller has to stand in line. Called once at most for each lease. @param placeInLine 1 for the first in line */
        void waiting(int placeInLine);

        /** The host has been paused, so nobody in its line is served until it is resumed. Called for each pause. */
        default void paused() {}

        /** The host turned the connect away; it is tried again in a moment, until the connect timeout. Called once at most. */
        default void connectingAgain(SshException failure) {}
    }
}
