package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@link ReadySessions} has failed at, and logs once when it begins and once when it is over. A host that fails is left alone, longer
 * each time ({@link #FIRST_PAUSE} to {@link #LONGEST_PAUSE}). A login that was refused, or not answered, is not tried again by itself,
 * since servers lock out who does that; where a jump host refused it, for no host behind that one. Both end with a session that a caller has opened.
 *
 * <p>Thread-safe.
 */
final class ReadyTroubles {

    private static final Logger LOGGER = Logger.getLogger(ReadySessions.class.getName());

    static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

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
    private final NanoClock clock;

    /** By wanted keys of which a session could not be opened, and by those of jump hosts that refused the login. */
    private final Map<SessionKey, Trouble> troubles = new ConcurrentHashMap<>();

    /** @param store whose sessions show that a host is well again */
    ReadyTroubles(SessionStore store, NanoClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Forgets the keys that are not wanted any more; not at once, because a login whose look-up failed only now is soon wanted again. */
    void forgetOthers(Collection<SessionKey> wanted) {
        Set<SessionKey> stations = wanted.stream().flatMap(ReadyTroubles::way).collect(Collectors.toSet());
        troubles.entrySet()
                .removeIf(trouble -> !stations.contains(trouble.getKey())
                        && age(trouble.getValue()).compareTo(LONGEST_PAUSE) >= 0);
    }

    /** The key itself, and those of the jump hosts on the way. */
    private static Stream<SessionKey> way(SessionKey key) {
        return Stream.iterate(Optional.of(key), Optional::isPresent, station -> station.get()
                        .via())
                .map(Optional::get);
    }

    private Duration age(Trouble trouble) {
        return Duration.ofNanos(clock.nanoTime() - trouble.sinceNanos());
    }

    /** Whether no session of this key is to be opened for now. */
    boolean isLeftAlone(SessionKey key) {
        return way(key).anyMatch(this::isInTrouble);
    }

    private boolean isInTrouble(SessionKey station) {
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

    /** A session of this key could not be opened. */
    void failed(SessionKey key, Throwable failure) {
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

    /** Whether the server did not accept the login. It may say so by closing the connection; no answer counts as a failed login, too. */
    private static boolean isRefused(Throwable failure) {
        return failure instanceof SshException its && its.stage() == Stage.LOGIN;
    }

    /** Of the hosts on the way, the one that did not accept the login; the last one, where it was a proxy. */
    private static SessionKey refusing(SessionKey key, Throwable failure) {
        return way(key).filter(station -> failure instanceof SshException its
                        && station.endpoint().equals(its.endpoint()))
                .findFirst()
                .orElse(key);
    }

    /**
     * As many are idle as are wanted. After a refusal that says nothing, since they may be from before: they come and go with the
     * commands that use them, and each time the login would be tried again.
     */
    void recovered(SessionKey key) {
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
