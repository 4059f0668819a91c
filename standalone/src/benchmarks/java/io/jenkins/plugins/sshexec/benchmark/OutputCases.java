package io.jenkins.plugins.sshexec.benchmark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Much output: how fast it comes into the log. */
final class OutputCases {

    private static final int ROUNDS = 5;
    private static final long GIBIBYTE = 1L << 30;
    private static final long LINES = 10_000_000;
    private static final int MEDIAN = 50;

    private OutputCases() {}

    /** One GiB, in lines of 80 characters. */
    static void bytes(Options options, Report report) throws Exception {
        long bytes = options.amount(GIBIBYTE);
        report.heading(Table.number("%.2f", bytes / (double) GIBIBYTE) + " GiB of output");
        measure(
                options,
                report,
                "[INFO] Compiling 42 source files with javac [release 17] to target/classes/pack\n",
                bytes / 80,
                "output",
                "1 GiB of output into the log: no less than 1.0",
                1.0);
    }

    /** Ten million lines of a few characters. */
    static void lines(Options options, Report report) throws Exception {
        long lines = options.amount(LINES);
        report.heading(lines + " lines");
        measure(
                options,
                report,
                "a short line of log\n",
                lines,
                "lines",
                "10 million lines in the log: no less than 0.8",
                0.8);
    }

    /** All peers with the one cipher that the server allows; those that do not know it are left out. */
    private static void measure(
            Options options, Report report, String line, long lines, String name, String goal, double bound)
            throws Exception {
        try (Target target = Target.start("Ciphers aes128-gcm@openssh.com");
                Peers peers = Peers.on(target)) {
            Path file = target.file("output.txt");
            long bytes = write(file, line, lines);
            Path log = target.file("log.txt");
            Rounds measured = new Rounds();
            List<Peer> all = new ArrayList<>(peers.all());
            if (OpenSshClient.version().isPresent()) {
                all.add(OpenSshClient.alone(target));
            }
            for (Peer peer : all) {
                if (knowsCipher(peer, report)) {
                    measured.add(
                            peer.name(),
                            () -> {
                                long nanos = peer.output(log, "cat " + file);
                                requireAll(peer, log, bytes);
                                return nanos;
                            },
                            1);
                }
            }
            measured.warmUp(options);
            Map<String, Latencies> latencies = measured.run(options.rounds(ROUNDS));
            double own = latencies.get(Peers.PLUGIN).percentileMillis(MEDIAN);
            Table table = new Table("", "runs", "p50 s", "MB in a second", "rate as a multiple of `sshExec`'s");
            BarChart chart = new BarChart("Output into the log", "MB/s");
            latencies.forEach((peer, each) -> {
                double millis = each.percentileMillis(MEDIAN);
                double rate = bytes / 1e3 / millis;
                table.row(
                        peer,
                        String.valueOf(each.runs()),
                        Table.number("%.2f", millis / 1e3),
                        Table.number("%.0f", rate),
                        Table.number("%.2f", own / millis));
                chart.bar(peer, rate);
            });
            report.table(table).chart(name, chart);
            for (String peer : List.of(Peers.SSH, Peers.CONTROL_MASTER)) {
                if (latencies.containsKey(peer)) {
                    double ratio = latencies.get(peer).percentileMillis(MEDIAN) / own;
                    report.goal(goal + " of the rate of " + peer, Table.number("%.2f", ratio), ratio >= bound);
                }
            }
        }
    }

    private static boolean knowsCipher(Peer peer, Report report) throws Exception {
        try {
            peer.exec(LatencyCases.COMMAND);
            return true;
        } catch (IOException e) {
            report.line(peer.name() + " is left out: " + e.getMessage());
            return false;
        }
    }

    private static void requireAll(Peer peer, Path log, long bytes) throws IOException {
        // The plugin's log has a line of its own before the output.
        if (Files.size(log) < bytes) {
            throw new IOException(peer.name() + " put " + Files.size(log) + " bytes into the log, not " + bytes);
        }
        Files.delete(log);
    }

    private static long write(Path file, String line, long lines) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (long i = 0; i < lines; i++) {
                out.write(bytes);
            }
        }
        return bytes.length * lines;
    }
}
