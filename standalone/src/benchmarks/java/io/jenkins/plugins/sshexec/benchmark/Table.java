package io.jenkins.plugins.sshexec.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A table in Markdown; all columns but the first hold numbers. */
final class Table {

    private static final int MEDIAN = 50;

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        this.header = List.of(header);
    }

    /** Durations in milliseconds, and each median as a multiple of the first row's. */
    static Table of(Map<String, Latencies> latencies) {
        Table table = new Table("", "runs", "p50 ms", "p95 ms", "p99 ms", "p50 ratio");
        double first = latencies.values().iterator().next().percentileMillis(MEDIAN);
        latencies.forEach((name, each) -> table.row(
                name,
                String.valueOf(each.runs()),
                number("%.1f", each.percentileMillis(MEDIAN)),
                number("%.1f", each.percentileMillis(95)),
                number("%.1f", each.percentileMillis(99)),
                number("%.2f", each.percentileMillis(MEDIAN) / first)));
        return table;
    }

    static String number(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }

    Table row(String... cells) {
        return row(List.of(cells));
    }

    Table row(List<String> cells) {
        if (cells.size() != header.size()) {
            throw new IllegalArgumentException(cells + " does not fit under " + header);
        }
        rows.add(cells);
        return this;
    }

    @Override
    public String toString() {
        return line(header)
                + "|---" + "|--:".repeat(header.size() - 1) + "|\n"
                + rows.stream().map(Table::line).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
