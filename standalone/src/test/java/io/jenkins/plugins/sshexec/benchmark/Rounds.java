package io.jenkins.plugins.sshexec.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs contenders interleaved, so that whatever else the machine does, slows down or speeds up hits all alike. Each round
 * runs every contender as often as was asked for, in an order drawn anew, so that none always follows the same other one.
 */
final class Rounds {

    /** The same orders in each benchmark. */
    private final Random random = new Random(1);

    private final List<Contender> round = new ArrayList<>();

    /** @param timesPerRound many for what takes milliseconds, few for what takes a hundred */
    Rounds add(Contender contender, int timesPerRound) {
        round.addAll(Collections.nCopies(timesPerRound, contender));
        return this;
    }

    /** Runs so many rounds; the contenders of the result are in the order in which they were added. */
    Map<Contender, Latencies> run(int rounds) throws Exception {
        Map<Contender, List<Long>> nanos = new LinkedHashMap<>();
        round.forEach(contender -> nanos.put(contender, new ArrayList<>()));
        List<Contender> order = new ArrayList<>(round);
        for (int i = 0; i < rounds; i++) {
            Collections.shuffle(order, random);
            for (Contender contender : order) {
                long start = System.nanoTime();
                contender.command().run();
                nanos.get(contender).add(System.nanoTime() - start);
            }
        }
        Map<Contender, Latencies> latencies = new LinkedHashMap<>();
        nanos.forEach((contender, runs) -> latencies.put(
                contender,
                new Latencies(runs.stream().mapToLong(Long::longValue).toArray())));
        return latencies;
    }
}
