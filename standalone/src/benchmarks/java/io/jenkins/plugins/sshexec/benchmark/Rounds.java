package io.jenkins.plugins.sshexec.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Takes measurements interleaved, so that whatever else the machine does, slows down or speeds up hits all alike. Each
 * round takes every measurement as often as was asked for, in an order drawn anew, so that none always follows the same
 * other one.
 */
final class Rounds {

    /** What is measured once in a round, or several times. */
    @FunctionalInterface
    interface Measurement {
        /** @return nanoseconds */
        long take() throws Exception;
    }

    private record Named(String name, Measurement measurement) {}

    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /** The same orders in each benchmark. */
    private final Random random = new Random(1);

    private final List<Named> round = new ArrayList<>();

    /** @param timesPerRound many for what takes milliseconds, few for what takes a hundred */
    Rounds add(String name, Measurement measurement, int timesPerRound) {
        round.addAll(Collections.nCopies(timesPerRound, new Named(name, measurement)));
        return this;
    }

    /**
     * Takes each measurement for 10 s, and one round, so that all come to what they are after a day's work: a JVM compiles
     * what it does often, in steps, the last of which takes thousands of commands.
     */
    void warmUp(Options options) throws Exception {
        for (Named named : new LinkedHashSet<>(round)) {
            long end = System.nanoTime() + options.amount(WARM_UP.toNanos());
            do {
                named.measurement().take();
            } while (System.nanoTime() < end);
        }
        run(1);
    }

    /** Runs so many rounds; the names of the result are in the order in which they were added. */
    Map<String, Latencies> run(int rounds) throws Exception {
        Map<String, List<Long>> nanos = new LinkedHashMap<>();
        round.forEach(named -> nanos.put(named.name(), new ArrayList<>()));
        List<Named> order = new ArrayList<>(round);
        for (int i = 0; i < rounds; i++) {
            Collections.shuffle(order, random);
            for (Named named : order) {
                nanos.get(named.name()).add(named.measurement().take());
            }
        }
        Map<String, Latencies> latencies = new LinkedHashMap<>();
        nanos.forEach((name, runs) -> latencies.put(
                name, new Latencies(runs.stream().mapToLong(Long::longValue).toArray())));
        return latencies;
    }
}
