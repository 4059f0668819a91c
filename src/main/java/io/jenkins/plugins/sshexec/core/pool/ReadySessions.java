package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Opens sessions before anybody asks for them, so that of each wanted key a number is idle, and lets the store keep these however long
 * they are idle. That number is {@link HostLimits#minIdleSessions}, but never more than the host may have in use.
 *
 * <p>A session is opened by a lease that nobody waits for ({@link PooledLease#isAhead}): with a permit, but only one that no caller
 * wants; who would have to wait for it breaks it off, who wants such a session joins it. None is opened where so many are open that
 * others would have to be closed for it, at most one at a time to each host, and {@link #LANES} in all, because each holds a
 * connector's thread for the whole connect timeout where a host does not answer.
 *
 * <p>A host that fails is left alone, longer each time ({@link #FIRST_PAUSE} to {@link #LONGEST_PAUSE}), on top of what its
 * {@link HostCircuit} refuses. A login that was refused is not tried again by itself, since servers lock out who does that; where a jump
 * host refused it, for no host behind that one. Both end with a session that a caller has opened.
 *
 * <p>{@link #keep} is called every now and then by a periodic task, and not before the last call's future has completed. No lock is
 * held here, and no login beyond that.
 */
public final class ReadySessions {

    private static final Logger LOGGER = Logger.getLogger(ReadySessions.class.getName());

    /** Hosts that are connected to at once. */
    static final int LANES = 8;

    static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    /**
     * Why no session of a key is opened for now.
     *
     * @param failures in a row, of the same kind
     * @param refused whether its login was not accepted, rather than the host not reached
     */
    private record Trouble(int failures, long sinceNanos, boolean refused) {

        Duration pause() {
            // By 2^5 the longest one is reached.
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 5));
            return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        }
    }

    private final SessionStore store;
    private final LeaseQueue queue;
    private final Lending lending;
    private final Function<SessionSpec, PooledLease> leases;
    private final Supplier<PoolSettings> settings;
    private final NanoClock clock;

    /** By wanted keys of which a session could not be opened, and by those of jump hosts that refused the login. */
    private final Map<SessionKey, Trouble> troubles = new ConcurrentHashMap<>();

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
        this.clock = clock;
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
        forgetTroubles(byKey.keySet());
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
            recovered(spec.key());
            return DONE;
        }
        if (!isWorthATry(spec.key())) {
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
                        failed(spec.key(), failure);
                    }
                    return failure == null;
                })
                .thenCompose(opened -> opened ? open(spec, missing - 1) : DONE);
    }

    /** Of keys that are not wanted any more; not at once, because a login whose look-up failed only now is soon wanted again. */
    private void forgetTroubles(Collection<SessionKey> wanted) {
        Set<SessionKey> stations = wanted.stream().flatMap(ReadySessions::way).collect(Collectors.toSet());
        troubles.entrySet()
                .removeIf(trouble -> !stations.contains(trouble.getKey())
                        && age(trouble.getValue()).compareTo(LONGEST_PAUSE) >= 0);
    }

    /** The key itself, and those of the jump hosts on the way. */
    private static Stream<SessionKey> way(SessionKey key) {
        return Stream.iterate(Optional.of(key), Optional::isPresent, station -> station.get().via())
                .map(Optional::get);
    }

    private Duration age(Trouble trouble) {
        return Duration.ofNanos(clock.nanoTime() - trouble.sinceNanos());
    }

    private boolean isWorthATry(SessionKey key) {
        return way(key).noneMatch(this::isLeftAlone);
    }

    private boolean isLeftAlone(SessionKey station) {
        Trouble trouble = troubles.get(station);
        return trouble != null
                && (trouble.refused() || age(trouble).compareTo(trouble.pause()) < 0)
                && !isOpenedSince(station, trouble);
    }

    /** Whether there is a session to the host, or through it, that is younger. */
    private boolean isOpenedSince(SessionKey station, Trouble trouble) {
        Duration age = age(trouble);
        return store.sessions().stream()
                .anyMatch(session -> way(session.key()).anyMatch(station::equals) && session.youngerThan(age));
    }

    private void failed(SessionKey key, Throwable failure) {
        if (failure instanceof CancellationException || failure instanceof PoolClosed) {
            return; // It gave way to a caller or found no room, or the pool ends.
        }
        boolean refused = isRefused(failure);
        SessionKey station = refused ? refusing(key, failure) : key;
        Trouble trouble = troubles.merge(
                station,
                new Trouble(1, clock.nanoTime(), refused),
                (before, latest) -> before.refused() == refused
                        ? new Trouble(before.failures() + 1, latest.sinceNanos(), refused)
                        : latest);
        if (trouble.failures() == 1) {
            String next =
                    refused ? "not tried again before a command has logged in" : "tried again less and less often";
            LOGGER.log(
                    Level.WARNING,
                    failure instanceof SshException ? null : failure,
                    () -> "Sessions to " + key + " cannot be kept ready (" + next + "): " + failure.getMessage());
        }
    }

    /** Whether the server did not accept the login; it may say so by closing the connection. */
    private static boolean isRefused(Throwable failure) {
        return failure instanceof LoginRefused
                || failure instanceof UnusableKey
                || failure instanceof ConnectFailed connect && connect.stage() == Stage.LOGIN;
    }

    /** Of the hosts on the way, the one that did not accept the login; the last one, where it was a proxy. */
    private static SessionKey refusing(SessionKey key, Throwable failure) {
        return way(key)
                .filter(station -> failure instanceof SshException its && station.endpoint().equals(its.endpoint()))
                .findFirst()
                .orElse(key);
    }

    /**
     * As many are idle as are wanted. After a refusal that says nothing, since they may be from before: they come and go with the
     * commands that use them, and each time the login would be tried again.
     */
    private void recovered(SessionKey key) {
        way(key).forEach(station -> {
            Trouble trouble = troubles.get(station);
            if (trouble != null
                    && (!trouble.refused() || isOpenedSince(station, trouble))
                    && troubles.remove(station, trouble)) {
                LOGGER.log(Level.INFO, "Sessions to {0} are kept ready again", station);
            }
        });
    }
}
