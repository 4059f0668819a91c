package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The line, the slots and the seats of one host and port.
 *
 * <p>Bookkeeping of the {@link LeaseQueue}: all of it is guarded by the queue's lock.
 */
final class HostPermits {

    /** How long a host is remembered to carry fewer channels than the settings say; then it is tried again. */
    static final Duration REFUSAL_MEMORY = Duration.ofMinutes(10);

    private final NanoClock clock;

    /** Leases that wait, by their arrival. */
    final TreeMap<Long, PooledLease> line = new TreeMap<>();

    /** Slots in use, oldest first. */
    final List<Slot> slots = new ArrayList<>();

    /** The server bore this many leases on one session and refused more. */
    private int learnedSeats = Integer.MAX_VALUE;

    /** When that was. */
    private long learnedNanos;

    /** Whether nobody in line is served, until the host is resumed. */
    boolean paused;

    HostPermits(NanoClock clock) {
        this.clock = clock;
    }

    /** Whether somebody waits who may be served. */
    boolean hasLine() {
        return !paused && !line.isEmpty();
    }

    /**
     * Who is next; there must be a line. A lease that only a limit of its folder's keeps back lets those behind it pass: else a
     * folder could have all others wait until the host is idle.
     */
    PooledLease head(PoolSettings settings) {
        return line.values().stream()
                .filter(lease -> !isKeptBackByItsFolder(lease, settings))
                .findFirst()
                .orElseGet(() -> line.firstEntry().getValue());
    }

    private boolean isKeptBackByItsFolder(PooledLease lease, PoolSettings settings) {
        HostLimits limits = lease.spec().limits();
        return limits.lowerOnly()
                && limits.sessionsPerHost(settings.sessionsPerHost()) < settings.sessionsPerHost()
                && !hasRoom(lease, settings)
                && freeSeat(lease, settings, null).isEmpty();
    }

    /** Whether the lease may have a slot of its own, as far as this host is concerned. */
    boolean hasRoom(PooledLease lease, PoolSettings settings) {
        return hasRoom(lease, 0, settings);
    }

    /** The same, with so many idle sessions that count too. */
    boolean hasRoom(PooledLease lease, int idle, PoolSettings settings) {
        return slots.size() + idle < lease.spec().limits().sessionsPerHost(settings.sessionsPerHost());
    }

    /** Leases of callers, with a seat. */
    int leases() {
        return slots.stream().mapToInt(Slot::callers).sum();
    }

    /**
     * A slot that takes this lease too.
     *
     * @param draining the slot that is to come free and takes no lease; null where there is none
     */
    Optional<Slot> freeSeat(PooledLease lease, PoolSettings settings, Slot draining) {
        int seats = seats(lease, settings);
        return slots.stream()
                .filter(slot ->
                        slot != draining && slot.callers() < seats && slot.key().equals(lease.key()))
                .filter(slot -> takesLeases(slot, settings))
                .findFirst();
    }

    private static boolean takesLeases(Slot slot, PoolSettings settings) {
        PooledSession session = slot.session;
        return slot.state != Slot.State.ENDING
                && slot.retired == null
                && slot.leases.stream().noneMatch(lease -> lease.claims > 0)
                && (session == null || session.retired().isEmpty() && !session.olderThan(settings.maxAge()));
    }

    /** As many leases may one session carry, the given one among them. */
    private int seats(PooledLease lease, PoolSettings settings) {
        int asSet = lease.spec().limits().channelsPerSession(settings.channelsPerSession());
        return remembersRefusal() ? Math.min(asSet, learnedSeats) : asSet;
    }

    /** The server bears only {@code borne} leases on the session of {@code lease}, fewer than that had. */
    void refused(PooledLease lease, int borne, PoolSettings settings) {
        learnedSeats = Math.max(1, Math.min(seats(lease, settings), borne));
        learnedNanos = clock.nanoTime();
    }

    void forgetRefusals() {
        learnedSeats = Integer.MAX_VALUE;
    }

    private boolean remembersRefusal() {
        return learnedSeats < Integer.MAX_VALUE && clock.nanoTime() - learnedNanos < REFUSAL_MEMORY.toNanos();
    }

    /** Whether there is nothing here worth remembering. */
    boolean isIdle() {
        return line.isEmpty() && slots.isEmpty() && !paused && !remembersRefusal();
    }

    PoolSnapshot.Host snapshot(Endpoint endpoint, int idleSessions) {
        long now = clock.nanoTime();
        List<PoolSnapshot.Caller> waiting = line.values().stream()
                .map(lease -> new PoolSnapshot.Caller(lease.holder(), Duration.ofNanos(now - lease.askedNanos)))
                .toList();
        return new PoolSnapshot.Host(endpoint, leases(), slots.size(), idleSessions, waiting, paused);
    }
}
