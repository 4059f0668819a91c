package io.jenkins.plugins.sshexec.benchmark;

import java.util.Arrays;

/** How long the runs of one contender took. */
final class Latencies {

    private static final double NANOS_PER_MILLI = 1e6;

    /** Ascending. */
    private final long[] nanos;

    Latencies(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("There is no percentile of no runs.");
        }
        this.nanos = nanos.clone();
        Arrays.sort(this.nanos);
    }

    int runs() {
        return nanos.length;
    }

    /**
     * The duration that {@code percent} percent of the runs do not exceed: one of those measured, none in between (nearest
     * rank).
     */
    double percentileMillis(int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * nanos.length);
        return nanos[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
    }
}
