package io.jenkins.plugins.sshexec.core.pool;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Names in the controller's log those who hold a lease for unusually long, once when that is found and once when the lease
 * comes back. A long command is no fault; a lease that its build has long forgotten is, and this is how it would be found.
 *
 * <p>Thread-safe. {@link #check} is called every now and then by a periodic task, {@link #returned} by whoever gives a
 * lease back.
 */
public final class LeaseWatch {

    private static final Logger LOGGER = Logger.getLogger(LeaseWatch.class.getName());

    private final LeaseQueue queue;

    /** Leases that have been named and not come back. */
    private final Set<PooledLease> named = ConcurrentHashMap.newKeySet();

    LeaseWatch(LeaseQueue queue) {
        this.queue = queue;
    }

    /**
     * Looks for leases held for longer than {@code limit} that have not been named.
     *
     * @return how many were found this time
     */
    public int check(Duration limit) {
        int found = 0;
        for (var granted : queue.granted().entrySet()) {
            PooledLease lease = granted.getKey();
            Duration held = granted.getValue().since();
            if (held.compareTo(limit) > 0 && named.add(lease)) {
                found++;
                LOGGER.log(Level.WARNING, "{0} ({1}) has had a session to {2} for {3}", new Object[] {
                    lease.holder(), lease.holder().url(), lease.key(), rounded(held)
                });
                if (lease.isClosed()) {
                    returned(lease); // It came back in between.
                }
            }
        }
        return found;
    }

    /** The lease is being given back. */
    void returned(PooledLease lease) {
        if (!named.isEmpty() && named.remove(lease)) {
            LOGGER.log(Level.INFO, "{0} ({1}) has given back its session to {2}", new Object[] {
                lease.holder(), lease.holder().url(), lease.key()
            });
        }
    }

    private static Duration rounded(Duration held) {
        return Duration.ofSeconds(held.toSeconds());
    }
}
