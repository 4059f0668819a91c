package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps tests of connections rare: a button is pressed faster than a build is started, and a server counts each refused login
 * against the controller's address (PerSourcePenalties in sshd_config(5)). Thread-safe.
 */
final class TestLimit {

    /** Within this time ... */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** ... one user may test so often, whatever hosts, so that nobody looks for open ports this way, */
    static final int PER_USER = 10;

    /** ... and all users together one host so often. */
    static final int PER_HOST = 5;

    private final NanoClock clock;

    /** By user or endpoint, the times of the tests within the window, oldest first. Guarded by this. */
    private final Map<Object, Deque<Long>> taken = new HashMap<>();

    TestLimit(NanoClock clock) {
        this.clock = clock;
    }

    /**
     * Takes note of a test, if it may be.
     *
     * @return how long to wait with it; zero where it may be done now
     */
    synchronized Duration take(String user, Endpoint host) {
        long now = clock.nanoTime();
        taken.values().forEach(times -> times.removeIf(time -> now - time >= WINDOW.toNanos()));
        taken.values().removeIf(Deque::isEmpty);
        long waitNanos = Math.max(waitNanos(user, PER_USER, now), waitNanos(host, PER_HOST, now));
        if (waitNanos == 0) {
            taken.computeIfAbsent(user, key -> new ArrayDeque<>()).add(now);
            taken.computeIfAbsent(host, key -> new ArrayDeque<>()).add(now);
        }
        return Duration.ofNanos(waitNanos);
    }

    private long waitNanos(Object key, int limit, long now) {
        Deque<Long> times = taken.getOrDefault(key, new ArrayDeque<>());
        return times.size() < limit ? 0 : WINDOW.toNanos() - (now - times.getFirst());
    }
}
