package io.jenkins.plugins.sshexec.call;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Stream;

/** The last lines of a log of many hosts: one for each, with how the command ended there. */
final class OutcomeTable {

    /** A longer name moves what is right of it. */
    private static final int MAX_WIDTH = 40;

    private static final double MILLIS_PER_SECOND = 1000;

    private OutcomeTable() {}

    static void print(Collection<HostOutcome> outcomes, PrintStream log) {
        int hosts = width(outcomes.stream().map(HostOutcome::host), Messages.OutcomeTable_host());
        int endings = width(outcomes.stream().map(HostOutcome::ending), Messages.OutcomeTable_status());
        StringBuilder table = new StringBuilder(row(
                hosts,
                endings,
                Messages.OutcomeTable_host(),
                Messages.OutcomeTable_status(),
                Messages.OutcomeTable_seconds()));
        for (HostOutcome outcome : outcomes) {
            CallResult result = outcome.result();
            String last = result == null
                    ? outcome.failure()
                    : String.format(Locale.ROOT, "%.1f", result.duration().toMillis() / MILLIS_PER_SECOND);
            table.append('\n').append(row(hosts, endings, outcome.host(), outcome.ending(), last));
        }
        log.println(table);
    }

    private static String row(int hosts, int endings, String host, String ending, String last) {
        return String.format(Locale.ROOT, "%-" + hosts + "s  %-" + endings + "s  %s", host, ending, last);
    }

    private static int width(Stream<String> cells, String heading) {
        return Math.min(
                MAX_WIDTH,
                Math.max(heading.length(), cells.mapToInt(String::length).max().orElse(0)));
    }
}
