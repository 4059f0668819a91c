package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who may have which seat: the pool's permits and its lines, as pure bookkeeping without I/O, threads or sessions.
 *
 * <ul>
 *   <li>A lease takes a free seat on a slot of its key, else a new slot within the limits per host and in total, else it
 *       waits in the line of its host and port. It is held to the {@code HostLimits} that it brings along, and to no other
 *       lease's; the limit in total is the same for all.
 *   <li>Within a line nobody overtakes, whatever key is asked for. Of several lines whose heads can be served, the head
 *       that arrived first is. A line held up by its host's limit, or paused, holds up no other.
 *   <li>While a line is held up by the total limit alone, the slot with the fewest leases takes no more of them: else
 *       busy hosts could hand on the seats of their slots for ever, and no slot would come free.
 *   <li>A lease that has a session opened ahead of callers takes a slot that nobody waits for, and gives it up to each caller who
 *       has to wait; one of the same key joins it.
 * </ul>
 *
 * <p>Invariants, whenever the lock is free: no slot has more leases than seats, not counting one that opens it ahead of
 * callers, except after its seats were lowered;
 * the slots are within both limits, except after these were lowered; no head of a line that is not
 * paused could be served.
 *
 * <p>Thread-safe. {@code onSeated} is called after the lock is released, on the thread whose call made the room.
 */
final class LeaseQueue {

    private final Supplier<PoolSettings> settings;
    private final NanoClock clock;
    private final Consumer<PooledLease> onSeated;

    /** No call leaves this class with it held, except for {@link PooledSession}'s age: its lock comes after this one. */
    private final Object lock = new Object();

    /** Guarded by {@link #lock}. */
    private final Seats seats;

    /** Guarded by {@link #lock}. */
    private long arrivals;

    /** Guarded by {@link #lock}. */
    private boolean closed;

    /**
     * @param settings read anew for each decision; see {@link #settingsChanged}
     * @param onSeated given each lease that gets a seat and must now be carried on: openers, and those on open slots
     */
    LeaseQueue(Supplier<PoolSettings> settings, NanoClock clock, Consumer<PooledLease> onSeated) {
        this.settings = settings;
        this.clock = clock;
        this.onSeated = onSeated;
        this.seats = new Seats(settings, clock);
    }

    /**
     * Gives {@code lease} a seat or puts it in line; one that was in line before gets its old place.
     *
     * @param onSeatedAtOnce called in place of {@code onSeated}, where the lease has a seat now and must be carried on
     * @return its place in line, 1 for the first; 0 where it has a seat
     */
    int enter(PooledLease lease, Runnable onSeatedAtOnce) throws PoolClosed {
        Served served = new Served();
        int place = 0;
        synchronized (lock) {
            if (closed) {
                throw new PoolClosed(lease.endpoint());
            }
            if (lease.arrival == 0) {
                lease.arrival = ++arrivals;
                lease.askedNanos = clock.nanoTime();
            }
            HostPermits host = seats.of(lease.endpoint());
            if (seats.waiting > 0 || !seats.seat(host, lease, null, served)) {
                lease.state = PooledLease.State.WAITING;
                host.line.put(lease.arrival, lease);
                seats.waiting++;
                seats.serve(served);
            }
            if (lease.state == PooledLease.State.WAITING) {
                lease.mustTell();
                if (host.paused) {
                    lease.mustTellPaused();
                }
                place = host.line.headMap(lease.arrival, true).size();
            }
        }
        boolean atOnce = served.seated.remove(lease);
        served.carryOut(onSeated);
        if (atOnce) {
            onSeatedAtOnce.run();
        }
        return place;
    }

    /**
     * Gives a seat to a lease that is {@link PooledLease#isAhead ahead}, where that keeps no caller waiting and the host bears one more
     * session; it is never put in line.
     *
     * @param idle idle sessions of its key, which count as sessions to the host
     * @return whether it has a seat, on a slot that is to be opened
     */
    boolean enterAhead(PooledLease lease, int idle) {
        synchronized (lock) {
            return !closed && seats.seatAhead(lease, idle);
        }
    }

    /**
     * Takes out a lease whose caller no longer wants it.
     *
     * @return whether it is out. Otherwise a thread carries it, and sees for itself that the lease is stopped; or it is
     *     too late.
     */
    boolean abandon(PooledLease lease) {
        Served served = new Served();
        synchronized (lock) {
            if (lease.state == PooledLease.State.WAITING) {
                seats.leaveLine(lease);
            } else if (lease.state == PooledLease.State.SEATED
                    && lease.slot.state == Slot.State.OPENING
                    && lease.slot.opener != lease) {
                lease.slot.leases.remove(lease);
                lease.state = PooledLease.State.OUT;
            } else {
                return false;
            }
            seats.serve(served);
        }
        served.carryOut(onSeated);
        return true;
    }

    /** Takes out a lease that has stood in line for too long; says what it waited for, or nothing where it waits no more. */
    Optional<PoolTimeout> expire(PooledLease lease, Duration limit) {
        Served served = new Served();
        PoolTimeout timeout;
        synchronized (lock) {
            if (lease.state != PooledLease.State.WAITING) {
                return Optional.empty();
            }
            HostPermits host = seats.hosts.get(lease.endpoint());
            timeout = new PoolTimeout(lease.endpoint(), limit, host.leases(), host.line.size());
            seats.leaveLine(lease);
            seats.serve(served);
        }
        served.carryOut(onSeated);
        return Optional.of(timeout);
    }

    /** The slot's session is ready. Returns the leases other than the opener's that have waited for it. */
    List<PooledLease> opened(Slot slot) {
        synchronized (lock) {
            slot.state = Slot.State.OPEN;
            List<PooledLease> joined = new ArrayList<>(slot.leases);
            joined.remove(slot.opener);
            return joined;
        }
    }

    /** The opener has given up; the next lease on the slot takes its part. Returns false where there is none. */
    boolean replaceOpener(Slot slot) {
        Served served = new Served();
        synchronized (lock) {
            slot.leases.remove(slot.opener);
            slot.opener.state = PooledLease.State.OUT;
            if (slot.leases.isEmpty()) {
                slot.state = Slot.State.ENDING;
                return false;
            }
            slot.opener = slot.leases.iterator().next();
            seats.serve(served);
        }
        served.carryOut(onSeated);
        return true;
    }

    /** The slot cannot be opened. Returns the leases that lose their seats by that; the slot is to be {@link #free freed}. */
    List<PooledLease> failed(Slot slot) {
        synchronized (lock) {
            List<PooledLease> lost = new ArrayList<>(slot.leases);
            lost.forEach(lease -> lease.state = PooledLease.State.OUT);
            slot.leases.clear();
            slot.state = Slot.State.ENDING;
            return lost;
        }
    }

    /** The lease is about to be the caller's. Returns false where the pool has been closed. */
    boolean grant(PooledLease lease) {
        synchronized (lock) {
            if (!closed) {
                lease.state = PooledLease.State.LEASED;
                lease.grantedNanos = clock.nanoTime();
            }
            return !closed;
        }
    }

    /**
     * Gives the lease's seat back; does nothing where it has none.
     *
     * @return the slot where this was its last lease: its session is to be put away, then it is to be {@link #free freed}
     */
    Optional<Slot> vacate(PooledLease lease) {
        Served served = new Served();
        synchronized (lock) {
            if (lease.state != PooledLease.State.SEATED && lease.state != PooledLease.State.LEASED) {
                return Optional.empty();
            }
            lease.state = PooledLease.State.OUT;
            lease.slot.leases.remove(lease);
            if (lease.slot.leases.isEmpty()) {
                lease.slot.state = Slot.State.ENDING;
                return Optional.of(lease.slot);
            }
            seats.serve(served);
        }
        served.carryOut(onSeated);
        return Optional.empty();
    }

    /** The slot's session is put away: others may have the slot. */
    void free(Slot slot) {
        Served served = new Served();
        synchronized (lock) {
            seats.slots.remove(slot);
            seats.hosts.get(slot.key().endpoint()).slots.remove(slot);
            seats.serve(served);
        }
        served.carryOut(onSeated);
    }

    /** No further lease is given on the session of {@code lease}, as long as that is held. The first reason counts. */
    void retire(PooledLease lease, RetireReason reason) {
        synchronized (lock) {
            boolean seated = lease.state == PooledLease.State.SEATED || lease.state == PooledLease.State.LEASED;
            if (seated && lease.slot.retired == null) {
                lease.slot.retired = reason;
            }
        }
    }

    /** Why the session of a slot is to be closed with its last lease, if a lease has said so. */
    Optional<RetireReason> retired(Slot slot) {
        synchronized (lock) {
            return Optional.ofNullable(slot.retired);
        }
    }

    /** The server bears only the other leases on the session of {@code lease}. */
    void learnSeats(PooledLease lease) {
        synchronized (lock) {
            if (lease.state == PooledLease.State.LEASED) {
                seats.hosts.get(lease.endpoint()).refused(lease, lease.slot.leases.size() - 1, settings.get());
            }
        }
    }

    /** No further lease is given on the session of {@code lease}. Returns whether it is the only one there. */
    boolean claim(PooledLease lease) {
        synchronized (lock) {
            if (lease.state != PooledLease.State.LEASED) {
                return false;
            }
            lease.claims++;
            return lease.slot.leases.size() == 1;
        }
    }

    /** Takes one {@link #claim} back. */
    void unclaim(PooledLease lease) {
        Served served = new Served();
        synchronized (lock) {
            lease.claims = Math.max(0, lease.claims - 1);
            seats.serve(served);
        }
        served.carryOut(onSeated);
    }

    /** Serves those whom new limits let through, and forgets what was learnt of hosts. */
    void settingsChanged() {
        Served served = new Served();
        synchronized (lock) {
            seats.hosts.values().forEach(HostPermits::forgetRefusals);
            seats.serve(served);
        }
        served.carryOut(onSeated);
    }

    /** Does what time alone makes due: forgets refusals, and hosts of which nothing is left to know. */
    void tidy() {
        Served served = new Served();
        synchronized (lock) {
            seats.serve(served);
            seats.hosts.values().removeIf(HostPermits::isIdle);
        }
        served.carryOut(onSeated);
    }

    /** From now on nobody in the host's line is served. Returns those who are in line, to be told. */
    List<PooledLease> pause(Endpoint endpoint) {
        synchronized (lock) {
            if (closed) {
                return List.of();
            }
            HostPermits host = seats.of(endpoint);
            if (host.paused) {
                return List.of();
            }
            host.paused = true;
            host.line.values().forEach(PooledLease::mustTellPaused);
            return List.copyOf(host.line.values());
        }
    }

    /** Ends the pause of a host. */
    void resume(Endpoint endpoint) {
        Served served = new Served();
        synchronized (lock) {
            HostPermits host = seats.hosts.get(endpoint);
            if (host != null) {
                host.paused = false;
                seats.serve(served);
            }
        }
        served.carryOut(onSeated);
    }

    boolean isPaused(Endpoint endpoint) {
        synchronized (lock) {
            HostPermits host = seats.hosts.get(endpoint);
            return host != null && host.paused;
        }
    }

    /** Ends the queue: nobody gets a seat any more. Returns those who were in line, which they are not now. */
    List<PooledLease> close() {
        synchronized (lock) {
            closed = true;
            List<PooledLease> lost = new ArrayList<>();
            seats.hosts.values().forEach(host -> lost.addAll(host.line.values()));
            lost.forEach(seats::leaveLine);
            return lost;
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** The leases on a slot. */
    List<PooledLease> leases(Slot slot) {
        synchronized (lock) {
            return List.copyOf(slot.leases);
        }
    }

    /** Leases with a seat. */
    List<PooledLease> seated() {
        synchronized (lock) {
            return seats.slots.stream().flatMap(slot -> slot.leases.stream()).toList();
        }
    }

    /** Who has a lease, and for how long, by lease; longest first. */
    Map<PooledLease, PoolSnapshot.Caller> granted() {
        synchronized (lock) {
            return seats.granted();
        }
    }

    int slotsInUse() {
        synchronized (lock) {
            return seats.slots.size();
        }
    }

    /** A row for each host with slots, a line or idle sessions, and for each that is paused. */
    List<PoolSnapshot.Host> snapshot(Map<Endpoint, Integer> idle) {
        synchronized (lock) {
            return seats.snapshot(idle);
        }
    }
}
