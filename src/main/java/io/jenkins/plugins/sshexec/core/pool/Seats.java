package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who gets the next seat, by the rules of {@link LeaseQueue}.
 *
 * <p>Bookkeeping of the {@link LeaseQueue}: all of it is guarded by the queue's lock, which every caller holds.
 */
final class Seats {

    private final Supplier<PoolSettings> settings;
    private final NanoClock clock;

    /** Hosts with slots, a line, or a lesson learnt. */
    final Map<Endpoint, HostPermits> hosts = new HashMap<>();

    /** All slots, oldest first. */
    final Set<Slot> slots = new LinkedHashSet<>();

    /** Leases in all lines. */
    int waiting;

    Seats(Supplier<PoolSettings> settings, NanoClock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    HostPermits of(Endpoint endpoint) {
        return hosts.computeIfAbsent(endpoint, unknown -> new HostPermits(clock));
    }

    void leaveLine(PooledLease lease) {
        removeFromLine(lease);
        lease.state = PooledLease.State.OUT;
    }

    private void removeFromLine(PooledLease lease) {
        hosts.get(lease.endpoint()).line.remove(lease.arrival);
        waiting--;
    }

    /** Seats heads of lines, in the order of their arrival, until no head can be seated; then looks who is in their way. */
    void serve(Served served) {
        boolean more = true;
        while (waiting > 0 && more) {
            Slot draining = draining();
            Optional<HostPermits> next = hosts.values().stream()
                    .filter(host -> host.hasLine() && canSeat(host, draining))
                    .min(Comparator.comparingLong(host -> head(host).arrival));
            next.ifPresent(host -> {
                PooledLease head = head(host);
                // The session that had a seat a moment ago may have come of age since: then the head stays in line.
                if (seat(host, head, draining, served)) {
                    removeFromLine(head);
                }
            });
            more = next.isPresent();
        }
        if (waiting > 0) {
            slots.stream()
                    .filter(slot -> slot.callers() == 0 && slot.leases.stream().anyMatch(this::isInTheWay))
                    .forEach(slot -> served.inTheWay.addAll(slot.leases));
        }
    }

    /** Whether there could be a seat for the head of a line without this lease ahead. */
    private boolean isInTheWay(PooledLease ahead) {
        boolean full = slots.size() >= settings.get().sessionsInTotal();
        return hosts.values().stream()
                .filter(HostPermits::hasLine)
                .anyMatch(host ->
                        host == hosts.get(ahead.endpoint()) || full && host.hasRoom(head(host), settings.get()));
    }

    private PooledLease head(HostPermits host) {
        return host.head(settings.get());
    }

    private boolean canSeat(HostPermits host, Slot draining) {
        return host.freeSeat(head(host), settings.get(), draining).isPresent() || mayOpen(host, head(host));
    }

    private boolean mayOpen(HostPermits host, PooledLease lease) {
        return slots.size() < settings.get().sessionsInTotal() && host.hasRoom(lease, settings.get());
    }

    /** Gives {@code lease} a seat if there is one; adds it to the {@code served} where somebody has to carry it on. */
    boolean seat(HostPermits host, PooledLease lease, Slot draining, Served served) {
        if (host.paused) {
            return false;
        }
        Optional<Slot> shared = host.freeSeat(lease, settings.get(), draining);
        if (shared.isEmpty() && !mayOpen(host, lease)) {
            return false;
        }
        Slot slot = shared.orElseGet(() -> newSlot(host, lease));
        take(slot, lease);
        if (slot.opener == lease || slot.state == Slot.State.OPEN) {
            served.seated.add(lease);
        }
        return true;
    }

    private Slot newSlot(HostPermits host, PooledLease opener) {
        Slot fresh = new Slot(opener);
        slots.add(fresh);
        host.slots.add(fresh);
        return fresh;
    }

    private static void take(Slot slot, PooledLease lease) {
        slot.leases.add(lease);
        lease.slot = slot;
        lease.state = PooledLease.State.SEATED;
    }

    /**
     * Gives a lease that is {@link PooledLease#isAhead ahead} a slot of its own, where no caller waits for one and the host bears
     * one more session beside those that are idle.
     */
    boolean seatAhead(PooledLease lease, int idle) {
        HostPermits host = of(lease.endpoint());
        if (host.paused
                || !host.line.isEmpty()
                || slots.size() >= settings.get().sessionsInTotal()
                || !host.hasRoom(lease, idle, settings.get())) {
            return false;
        }
        take(newSlot(host, lease), lease);
        return true;
    }

    /** {@link LeaseQueue#granted}. */
    Map<PooledLease, PoolSnapshot.Caller> granted() {
        long now = clock.nanoTime();
        Map<PooledLease, PoolSnapshot.Caller> granted = new LinkedHashMap<>();
        slots.stream()
                .flatMap(slot -> slot.leases.stream())
                .filter(lease -> lease.state == PooledLease.State.LEASED)
                .sorted(Comparator.comparingLong(lease -> lease.grantedNanos - now))
                .forEach(lease -> granted.put(
                        lease, new PoolSnapshot.Caller(lease.holder(), Duration.ofNanos(now - lease.grantedNanos))));
        return granted;
    }

    /** {@link LeaseQueue#snapshot}. */
    List<PoolSnapshot.Host> snapshot(Map<Endpoint, Integer> idle) {
        Set<Endpoint> endpoints = new LinkedHashSet<>(hosts.keySet());
        endpoints.addAll(idle.keySet());
        return endpoints.stream()
                .map(endpoint -> hosts.getOrDefault(endpoint, new HostPermits(clock))
                        .snapshot(endpoint, idle.getOrDefault(endpoint, 0)))
                .filter(row -> row.paused() || row.sessionsInUse() + row.sessionsIdle() + row.waiting() > 0)
                .sorted(Comparator.comparing(row -> row.endpoint().toString()))
                .toList();
    }

    /** The slot to be kept from new leases so that it comes free; null while no line needs that. */
    private Slot draining() {
        if (slots.size() < settings.get().sessionsInTotal()) {
            return null;
        }
        boolean needed = hosts.values().stream()
                .anyMatch(host -> host.hasLine()
                        && host.hasRoom(head(host), settings.get())
                        && host.freeSeat(head(host), settings.get(), null).isEmpty());
        return needed
                ? slots.stream()
                        .min(Comparator.comparingInt(slot -> slot.leases.size()))
                        .orElseThrow()
                : null;
    }
}
