package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.benchmark.Peer.Burst;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Many commands: how many end in a second, and how many fail. */
final class ThroughputCases {

    private static final int ROUNDS = 3;
    private static final int HOSTS = 50;
    private static final List<Integer> CONCURRENCIES = List.of(1, 4, 10, 100);

    private ThroughputCases() {}

    /** To one host, with OpenSSH's own limits. */
    static void many(Options options, Report report) throws Exception {
        report.heading("Many commands to one host");
        try (Target target = Target.start();
                Peers peers = Peers.on(target)) {
            List<String> host = List.of(target.endpoint().host());
            Map<Integer, Map<String, Burst>> hundred = new LinkedHashMap<>();
            Map<Integer, Map<String, Burst>> thousand = new LinkedHashMap<>();
            for (int concurrency : CONCURRENCIES) {
                hundred.put(concurrency, bursts(options, peers.all(), host, 100, concurrency));
                // At 20 commands in a second it alone would take minutes.
                thousand.put(
                        concurrency,
                        bursts(options, peers.without(Peers.PARAMIKO), host, (int) options.amount(1000), concurrency));
            }
            report.line("100 commands:").table(rates(hundred));
            report.line("1,000 commands:").table(rates(thousand));
            chart(report, "many-4", "1,000 commands, four at a time", thousand.get(4));
            chart(report, "many-100", "1,000 commands, a hundred at a time", thousand.get(100));
            goals(report, thousand);
        }
    }

    private static void goals(Report report, Map<Integer, Map<String, Burst>> thousand) {
        Burst four = thousand.get(4).get(Peers.PLUGIN);
        Burst hundred = thousand.get(100).get(Peers.PLUGIN);
        if (thousand.get(4).containsKey(Peers.CONTROL_MASTER)) {
            double ratio =
                    four.rate() / thousand.get(4).get(Peers.CONTROL_MASTER).rate();
            report.goal(
                    "commands to one host, four at a time: at least 2.5 times the rate of " + Peers.CONTROL_MASTER,
                    Table.number("%.2f", ratio),
                    ratio >= 2.5);
        }
        report.goal(
                "1,000 commands, a hundred at a time: none fails", hundred.failed() + " failed", hundred.failed() == 0);
        double ratio = hundred.rate() / four.rate();
        report.goal("the same: no lower rate than four at a time", Table.number("%.2f", ratio) + " of it", ratio >= 1);
    }

    /** To fifty hosts: loopback addresses of one server, whose one limit for connects they share. */
    static void hosts(Options options, Report report) throws Exception {
        report.heading("Commands to fifty hosts");
        List<String> hosts =
                IntStream.rangeClosed(1, HOSTS).mapToObj(i -> "127.0.2." + i).toList();
        try (Target target = Target.start("ListenAddress 0.0.0.0");
                Peers peers = Peers.on(target)) {
            for (String host : hosts) {
                target.know(new Endpoint(host, target.endpoint().port()));
            }
            Map<Integer, Map<String, Burst>> results = new LinkedHashMap<>();
            for (Peer peer : peers.all()) {
                int failed = peer.burst(hosts, HOSTS, 4, LatencyCases.COMMAND).failed(); // connects, four at a time
                if (failed > 0) {
                    throw new IOException(peer.name() + " could not reach " + failed + " of the hosts");
                }
            }
            for (int concurrency : List.of(10, HOSTS)) {
                results.put(concurrency, bursts(options, peers.all(), hosts, 500, concurrency));
            }
            report.line("500 commands, ten to each of " + HOSTS + " hosts, on open connections:")
                    .table(rates(results));
        }
    }

    /** The plugin alone, by how many commands share a session. */
    static void channels(Options options, Report report) throws Exception {
        report.heading("Channels on a session");
        int commands = (int) options.amount(1000);
        try (Target target = Target.start();
                EmbeddedPlugin plugin = EmbeddedPlugin.start(target)) {
            List<String> host = List.of(target.endpoint().host());
            Map<Integer, Map<Integer, Burst>> results = new LinkedHashMap<>();
            for (int channels : List.of(1, 2, 4, 6, 8, 10)) {
                SshExecConfiguration.get().setChannelsPerSession(channels);
                Map<Integer, Burst> row = new LinkedHashMap<>();
                for (int concurrency : CONCURRENCIES) {
                    plugin.burst(host, 2 * concurrency, concurrency, LatencyCases.COMMAND); // connects
                    List<Burst> bursts = new ArrayList<>();
                    for (int round = 0; round < options.rounds(ROUNDS); round++) {
                        bursts.add(plugin.burst(host, commands, concurrency, LatencyCases.COMMAND));
                    }
                    row.put(concurrency, median(bursts));
                }
                results.put(channels, row);
            }
            Table table = new Table(header("channels on a session, at once:", CONCURRENCIES));
            results.forEach((channels, row) -> table.row(
                    cells(String.valueOf(channels), row.values().stream().toList())));
            report.line(commands + " commands, commands in a second (failed):").table(table);
        }
    }

    /** The median of some rounds for each peer, interleaved. */
    private static Map<String, Burst> bursts(
            Options options, List<Peer> peers, List<String> hosts, int commands, int concurrency) throws Exception {
        Map<String, List<Burst>> bursts = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(ROUNDS); round++) {
            for (Peer peer : peers) {
                bursts.computeIfAbsent(peer.name(), name -> new ArrayList<>())
                        .add(peer.burst(hosts, commands, concurrency, LatencyCases.COMMAND));
            }
        }
        Map<String, Burst> medians = new LinkedHashMap<>();
        bursts.forEach((name, each) -> medians.put(name, median(each)));
        return medians;
    }

    private static Burst median(List<Burst> bursts) {
        List<Burst> sorted =
                bursts.stream().sorted(Comparator.comparingLong(Burst::nanos)).toList();
        int failed = bursts.stream().mapToInt(Burst::failed).max().orElse(0);
        Burst median = sorted.get(sorted.size() / 2);
        // A failure in any round is told.
        return new Burst(median.nanos(), median.commands(), failed);
    }

    private static Table rates(Map<Integer, Map<String, Burst>> results) {
        Table table = new Table(header("commands in a second (failed), at once:", results.keySet()));
        results.values()
                .iterator()
                .next()
                .keySet()
                .forEach(name -> table.row(cells(
                        name,
                        results.values().stream().map(row -> row.get(name)).toList())));
        return table;
    }

    private static String[] header(String first, Collection<Integer> concurrencies) {
        List<String> header = new ArrayList<>(List.of(first));
        concurrencies.forEach(concurrency -> header.add(String.valueOf(concurrency)));
        return header.toArray(String[]::new);
    }

    private static List<String> cells(String name, List<Burst> bursts) {
        List<String> cells = new ArrayList<>(List.of(name));
        bursts.forEach(burst -> cells.add(
                Table.number("%.0f", burst.rate()) + (burst.failed() == 0 ? "" : " (" + burst.failed() + ")")));
        return cells;
    }

    private static void chart(Report report, String name, String title, Map<String, Burst> results) throws Exception {
        BarChart chart = new BarChart(title, "/s");
        results.forEach((peer, burst) ->
                chart.bar(peer + (burst.failed() == 0 ? "" : " (" + burst.failed() + " failed)"), burst.rate()));
        report.chart(name, chart);
    }
}
