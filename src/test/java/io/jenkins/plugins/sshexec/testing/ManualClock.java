package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;

/** A clock that stands still until it is told otherwise. Thread-safe. */
public final class ManualClock implements NanoClock {

    /** Close to the overflow of a long, as {@link System#nanoTime} may be. Guarded by {@code this}. */
    private long nanos = Long.MAX_VALUE - 1_000;

    /** How often it is still read before {@link #leap}; 0 where it will not leap. Guarded by {@code this}. */
    private int readsBeforeLeap;

    /** Guarded by {@code this}. */
    private Duration leap = Duration.ZERO;

    @Override
    public synchronized long nanoTime() {
        long read = nanos;
        if (readsBeforeLeap > 0 && --readsBeforeLeap == 0) {
            advance(leap);
        }
        return read;
    }

    public synchronized void advance(Duration time) {
        nanos += time.toNanos();
    }

    /** Advances it as soon as it has been read so many more times: between two looks of somebody who looks twice. */
    public synchronized void advanceAfter(int reads, Duration time) {
        readsBeforeLeap = reads;
        leap = time;
    }

    /** Whether what {@link #advanceAfter} asked for has not happened. */
    public synchronized boolean isToAdvance() {
        return readsBeforeLeap > 0;
    }
}
