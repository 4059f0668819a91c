package io.jenkins.plugins.sshexec.core.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is to be done once the lock of the {@link LeaseQueue} is released. Used by one thread. */
final class Served {

    /** Leases that have got a seat and must be carried on. */
    final List<PooledLease> seated = new ArrayList<>(1);

    /** Leases ahead that are to give way to those who still wait. */
    final List<PooledLease> inTheWay = new ArrayList<>(0);

    void carryOut(Consumer<PooledLease> onSeated) {
        seated.forEach(onSeated);
        inTheWay.forEach(ahead -> ahead.stop().cancel());
    }
}
