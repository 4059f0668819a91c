package io.jenkins.plugins.sshexec.core.durable;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between tries: each about twice as long as the one before it, up to a limit, and none just as long as that of others
 * that lost the same host at the same moment. Not thread-safe.
 */
final class Backoff {

    private final Duration first;
    private final Duration last;
    private final RandomGenerator random;
    private Duration next;

    Backoff(Duration first, Duration last, RandomGenerator random) {
        this.first = first;
        this.last = last;
        this.random = random;
        this.next = first;
    }

    /** The next wait, from half of what is due to all of it. */
    Duration next() {
        Duration due = next;
        next = due.multipliedBy(2).compareTo(last) < 0 ? due.multipliedBy(2) : last;
        long half = due.toNanos() / 2;
        return Duration.ofNanos(half + (long) (random.nextDouble() * half));
    }

    /** It worked; the next failure is a first one again. */
    void reset() {
        next = first;
    }
}
