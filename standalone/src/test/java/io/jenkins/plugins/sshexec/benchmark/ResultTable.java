package io.jenkins.plugins.sshexec.benchmark;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as a table in Markdown: durations in milliseconds, and each median as a multiple of the first row's. */
record ResultTable(Map<Contender, Latencies> results) {

    private static final int MEDIAN = 50;

    @Override
    public String toString() {
        double first = results.values().iterator().next().percentileMillis(MEDIAN);
        return """
                | | runs | p50 ms | p95 ms | p99 ms | p50 ratio |
                |---|--:|--:|--:|--:|--:|
                """
                + results.entrySet().stream()
                        .map(result -> row(result.getKey(), result.getValue(), first))
                        .collect(Collectors.joining());
    }

    private static String row(Contender contender, Latencies latencies, double first) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.1f | %.1f | %.1f | %.2f |%n",
                contender.name(),
                latencies.runs(),
                latencies.percentileMillis(MEDIAN),
                latencies.percentileMillis(95),
                latencies.percentileMillis(99),
                latencies.percentileMillis(MEDIAN) / first);
    }
}
