package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where durable commands have run, and when leftovers were looked for there last. Only logins that have run one are here: with
 * another, such as one with a forced command, a script of ours might start who knows what. Thread-safe.
 */
final class SweptPlaces {

    /** Leftovers are removed when they are a week old; a day more or less is nothing to them. */
    static final Duration PERIOD = Duration.ofDays(1);

    /** Those where a command ended longest ago are forgotten. */
    private static final int MAX_PLACES = 1_000;

    /** @param directory of the folders of commands; empty for the one in the home directory of the login's user */
    record Place(SessionKey login, Optional<String> directory) {}

    private final NanoClock clock;

    /** When each was swept last. Guarded by this. */
    private final Map<Place, Long> sweptNanos = new LinkedHashMap<>();

    SweptPlaces(NanoClock clock) {
        this.clock = clock;
    }

    /** @param launched whether this Jenkins has launched the command, rather than an earlier run of it; a launch sweeps */
    synchronized void ended(Place place, boolean launched) {
        Long before = sweptNanos.remove(place); // put again, it is the latest of all
        long now = clock.nanoTime();
        if (launched) {
            sweptNanos.put(place, now);
        } else if (before == null) {
            sweptNanos.put(place, now - PERIOD.toNanos());
        } else {
            sweptNanos.put(place, before);
        }
        if (sweptNanos.size() > MAX_PLACES) {
            sweptNanos.remove(sweptNanos.keySet().iterator().next());
        }
    }

    /** Those of a login that are to be swept; the caller does, so that they are not due again before the next day. */
    synchronized List<Place> due(SessionKey login) {
        long now = clock.nanoTime();
        List<Place> due = new ArrayList<>();
        sweptNanos.forEach((place, swept) -> {
            if (place.login().equals(login) && now - swept >= PERIOD.toNanos()) {
                due.add(place);
            }
        });
        due.forEach(place -> sweptNanos.put(place, now));
        return due;
    }
}
