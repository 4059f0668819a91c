package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told otherwise. Thread-safe. */
public final class ManualClock implements NanoClock {

    /** Close to the overflow of a long, as {@link System#nanoTime} may be. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
