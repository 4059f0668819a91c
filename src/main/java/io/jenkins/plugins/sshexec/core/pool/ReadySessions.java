package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Opens sessions before anybody asks for them, so that of each wanted key a number is idle, and lets the store keep these however long
 * they are idle. That number is {@link HostLimits#minIdleSessions}, but never more than the host may have in use.
 *
 * <p>A session is opened by a lease that nobody waits for ({@link PooledLease#isAhead}): with a permit, but only one that no caller
 * wants; who would have to wait for it breaks it off, who wants such a session joins it. None is opened where so many are open that
 * others would have to be closed for it, at most one at a time to each host, and {@link #LANES} in all, because each holds a
 * connector's thread for the whole connect timeout where a host does not answer.
 *
 * <p>A host that fails is left alone, as {@link ReadyTroubles} says, on top of what its {@link HostCircuit} refuses.
 *
 * <p>{@link #keep} is called every now and then by a periodic task, and not before the last call's future has completed. No lock is
 * held here, and no login beyond that.
 */
public final class ReadySessions {

    /** Hosts that are connected to at once. */
    static final int LANES = 8;

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final SessionStore store;
    private final LeaseQueue queue;
    private final Lending lending;
    private final Function<SessionSpec, PooledLease> leases;
    private final Supplier<PoolSettings> settings;
    private final ReadyTroubles troubles;

    /**
     * @param leases makes leases ahead
     * @param settings read anew for each decision
     */
    ReadySessions(
            SessionStore store,
            LeaseQueue queue,
            Lending lending,
            Function<SessionSpec, PooledLease> leases,
            Supplier<PoolSettings> settings,
            NanoClock clock) {
        this.store = store;
        this.queue = queue;
        this.lending = lending;
        this.leases = leases;
        this.settings = settings;
        troubles = new ReadyTroubles(store, clock);
    }

    /**
     * Keeps sessions of these specifications ready from now on, and of no others, and opens those that are missing. What is not wanted any more is
     * closed when it has been idle for too long, as any other session. Returns at once.
     *
     * @param wanted the logins must stay unwiped until the future has completed
     * @return completes when no more can be done for now, whatever came of it
     */
    public CompletableFuture<Void> keep(Collection<SessionSpec> wanted) {
        Map<SessionKey, SessionSpec> byKey = new LinkedHashMap<>();
        wanted.forEach(
                spec -> byKey.merge(spec.key(), spec, (one, other) -> number(one) < number(other) ? other : one));
        store.keep(byKey.values().stream().collect(Collectors.toMap(SessionSpec::key, this::number)));
        troubles.forgetOthers(byKey.keySet());
        List<CompletableFuture<Void>> lanes = new ArrayList<>(Collections.nCopies(LANES, DONE));
        for (SessionSpec spec : byKey.values()) {
            int lane = Math.floorMod(spec.endpoint().hashCode(), LANES);
            lanes.set(lane, lanes.get(lane).thenCompose(done -> open(spec, number(spec) - store.idle(spec.key()))));
        }
        return CompletableFuture.allOf(lanes.toArray(CompletableFuture[]::new));
    }

    private int number(SessionSpec spec) {
        HostLimits limits = spec.limits();
        return Math.min(
                limits.minIdleSessions(), limits.sessionsPerHost(settings.get().sessionsPerHost()));
    }

    /** Opens so many sessions, one after the other, as long as all goes well. */
    private CompletableFuture<Void> open(SessionSpec spec, int missing) {
        if (missing <= 0) {
            troubles.recovered(spec.key());
            return DONE;
        }
        if (troubles.isLeftAlone(spec.key())) {
            return DONE;
        }
        PooledLease lease = leases.apply(spec);
        if (!queue.enterAhead(lease, store.idle(spec.key()))) {
            return DONE;
        }
        lending.carry(lease);
        return lease.future()
                .handle((opened, failure) -> {
                    if (failure == null) {
                        opened.close();
                    } else {
                        troubles.failed(spec.key(), failure);
                    }
                    return failure == null;
                })
                .thenCompose(opened -> opened ? open(spec, missing - 1) : DONE);
    }
}
