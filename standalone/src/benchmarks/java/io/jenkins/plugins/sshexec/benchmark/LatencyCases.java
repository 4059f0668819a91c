package io.jenkins.plugins.sshexec.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How long a build waits for {@code true} on a remote host. */
final class LatencyCases {

    /** Ends at once, so that what is left is the way there and back, and the server's work for any command. */
    static final String COMMAND = "true";

    private static final int MEDIAN = 50;

    private LatencyCases() {}

    /** On connections that are open, without and with a long line between. */
    static void warm(Options options, Report report) throws Exception {
        report.heading("A warm command");
        warm(options, report, Duration.ZERO, options.rounds(60), 10);
        warm(options, report, Duration.ofMillis(10), options.rounds(20), 5);
        warm(options, report, Duration.ofMillis(50), options.rounds(10), 4);
    }

    private static void warm(Options options, Report report, Duration roundTrip, int rounds, int times)
            throws Exception {
        try (Target server = Target.start();
                DelayingProxy proxy = DelayingProxy.to(server.endpoint(), roundTrip);
                Target target = server.by(roundTrip.isZero() ? server.endpoint() : proxy.endpoint());
                Peers peers = Peers.on(target)) {
            Rounds measured = new Rounds();
            for (Peer peer : peers.all()) {
                measured.add(peer.name(), () -> peer.exec(COMMAND), times);
            }
            if (roundTrip.isZero()) {
                LocalProcess local = new LocalProcess();
                measured.add(local.name(), () -> local.exec(COMMAND), times);
            }
            measured.warmUp(options);
            Map<String, Latencies> latencies = measured.run(rounds);
            report.line("Round trip " + roundTrip.toMillis() + " ms:").table(Table.of(latencies));
            chart(
                    report,
                    "warm-" + roundTrip.toMillis() + "ms",
                    "A warm command, round trip " + roundTrip.toMillis() + " ms, p50",
                    latencies);
            goals(report, roundTrip, latencies);
        }
    }

    private static void goals(Report report, Duration roundTrip, Map<String, Latencies> latencies) {
        double own = latencies.get(Peers.PLUGIN).percentileMillis(MEDIAN);
        if (roundTrip.toMillis() == 50) {
            double trips = own / roundTrip.toMillis();
            report.goal(
                    "warm command at a round trip of 50 ms: at most 2.1 round trips",
                    Table.number("%.2f", trips),
                    trips <= 2.1);
        }
        if (!roundTrip.isZero()) {
            return;
        }
        for (String name : List.of(Peers.CONTROL_MASTER, Peers.ASYNCSSH)) {
            if (latencies.containsKey(name)) {
                double bound = name.equals(Peers.CONTROL_MASTER) ? 0.5 : 1.0;
                double ratio = own / latencies.get(name).percentileMillis(MEDIAN);
                report.goal(
                        "warm command, p50: at most " + bound + " of " + name,
                        Table.number("%.2f", ratio),
                        ratio <= bound);
            }
        }
    }

    /** With a connection for each, made for the command; and, last, with one that was made before. */
    static void cold(Options options, Report report) throws Exception {
        report.heading("A cold command");
        try (Target target = Target.start();
                Peers peers = Peers.on(target)) {
            Rounds measured = new Rounds();
            for (Peer peer : peers.all()) {
                measured.add(peer.name(), () -> peer.connect(COMMAND), 1);
            }
            KeptReady ready = peers.plugin().keptReady();
            measured.add(ready.name(), () -> ready.exec(COMMAND), 1);
            measured.run(options.rounds(10));
            Map<String, Latencies> latencies = measured.run(options.rounds(40));
            report.table(Table.of(latencies));
            chart(report, "cold", "A cold command, p50", latencies);
        }
    }

    private static void chart(Report report, String name, String title, Map<String, Latencies> latencies)
            throws Exception {
        BarChart chart = new BarChart(title, "ms");
        latencies.forEach((peer, each) -> chart.bar(peer, each.percentileMillis(MEDIAN)));
        report.chart(name, chart);
    }
}
