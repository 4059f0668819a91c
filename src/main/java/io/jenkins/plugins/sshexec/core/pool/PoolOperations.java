package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import java.util.List;
import java.util.function.Predicate;

/**
 * What an administrator can do with a pool while it works. No running command is hurt by any of it: a session in use is
 * marked, takes no more leases, and is closed when its last lease is given back. Nothing of it outlives the pool.
 *
 * <p>Thread-safe; no method blocks on the network.
 */
public final class PoolOperations {

    private final SessionStore store;
    private final LeaseQueue queue;
    private final TimedExecutor threads;

    PoolOperations(SessionStore store, LeaseQueue queue, TimedExecutor threads) {
        this.store = store;
        this.queue = queue;
        this.threads = threads;
    }

    /** Closes all sessions that nobody uses. Returns how many. */
    public int evictIdle() {
        return retire(session -> session.retireIdle(RetireReason.EVICTED));
    }

    /**
     * Closes one session.
     *
     * @param id {@link PoolSnapshot.Session#id}
     * @return false where it has ended before
     */
    public boolean evict(long id) {
        return retire(session -> session.retire(id, RetireReason.EVICTED)) > 0;
    }

    /**
     * Closes all sessions to a host, so that later commands open new ones: after a change of its network or of its users.
     * Those in line, and sessions that are just being opened, are not concerned.
     *
     * @return how many sessions
     */
    public int drain(Endpoint host) {
        return retire(session -> session.key().endpoint().equals(host) && session.retire(RetireReason.DRAINED));
    }

    /**
     * Lets nobody begin a command on a host until it is {@link #resume resumed}: callers stand in line, are told why, and
     * are not given up for having waited too long. Leases that are out, or that a session is just being opened for, go on.
     * Does nothing where the host is paused.
     *
     * @param host need not be known to the pool
     */
    public void pause(Endpoint host) {
        List<PooledLease> line = queue.pause(host);
        threads.execute(() -> line.forEach(PooledLease::tellPaused));
    }

    /** Serves the line of a paused host again. Does nothing where the host is not paused. */
    public void resume(Endpoint host) {
        queue.resume(host);
    }

    /** Marks sessions, and closes those of them that are idle. */
    private int retire(Predicate<PooledSession> marked) {
        int count = (int) store.sessions().stream().filter(marked).count();
        if (count > 0) {
            store.evict();
        }
        return count;
    }
}
