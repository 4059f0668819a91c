package io.jenkins.plugins.sshexec.management;

import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** How many sessions and waiters there were of late: the latest samples, in memory alone. Thread-safe. */
final class PoolHistory {

    /** What is remembered, and shown. */
    static final Duration SPAN = Duration.ofHours(1);

    /** Between two samples. */
    static final Duration STEP = Duration.ofSeconds(20);

    private static final int CAPACITY = Math.toIntExact(SPAN.dividedBy(STEP)) + 1;

    /** Guarded by this. */
    private final Deque<Sample> samples = new ArrayDeque<>(CAPACITY);

    /**
     * The pool at one moment, all hosts together.
     *
     * @param inUse sessions with a command, those being connected included
     * @param idle sessions without one
     * @param waiting callers in line
     */
    record Sample(Instant time, int inUse, int idle, int waiting) {

        static Sample of(PoolSnapshot snapshot, Instant time) {
            int inUse = 0;
            int idle = 0;
            int waiting = 0;
            for (PoolSnapshot.Host host : snapshot.hosts()) {
                inUse += host.sessionsInUse();
                idle += host.sessionsIdle();
                waiting += host.waiting();
            }
            return new Sample(time, inUse, idle, waiting);
        }

        int open() {
            return inUse + idle;
        }
    }

    synchronized void add(Sample sample) {
        if (samples.size() == CAPACITY) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    /** Oldest first. */
    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }
}
