package io.jenkins.plugins.sshexec.core.time;

import java.time.Duration;

/** A point in time by which something must be done: one budget handed through several stages. Immutable. */
public final class Deadline {

    private final NanoClock clock;
    private final long atNanos;

    private Deadline(NanoClock clock, long atNanos) {
        this.clock = clock;
        this.atNanos = atNanos;
    }

    /** The deadline {@code budget} from now. */
    public static Deadline in(Duration budget, NanoClock clock) {
        return new Deadline(clock, clock.nanoTime() + budget.toNanos());
    }

    /** What is left; zero, never negative, once the deadline has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - clock.nanoTime()));
    }

    public boolean isExpired() {
        return atNanos - clock.nanoTime() <= 0;
    }

    /**
     * What is left in whole milliseconds, at least 1: for APIs such as {@link java.net.Socket#setSoTimeout} that take 0
     * for "wait for ever".
     */
    public int remainingMillis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, remaining().toMillis()));
    }
}
