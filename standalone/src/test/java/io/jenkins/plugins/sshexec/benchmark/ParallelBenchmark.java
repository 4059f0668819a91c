package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RealExec.Step;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A hundred commands at once to one OpenSSH server with its default limits: how long all take, as a multiple of what the
 * sessions' capacity allows. docs/benchmarks.md says how to read it.
 */
public final class ParallelBenchmark {

    private static final int COMMANDS = 100;
    private static final double COMMAND_SECONDS = 0.2;
    private static final int ROUNDS = 5;

    private ParallelBenchmark() {}

    /** Prints a table in Markdown. */
    public static void main(String... arguments) throws Exception {
        System.out.println(Machine.describe());
        System.out.println("load average before " + Machine.load());
        System.out.println();
        System.out.println("| sessions | channels on each | | seconds | ratio | failed |");
        System.out.println("|--:|--:|---|--:|--:|--:|");
        measure(8, 1);
        measure(4, 5);
        measure(4, 8);
        measure(4, 10);
        System.out.println();
        System.out.println("load average after " + Machine.load());
    }

    private static void measure(int sessions, int channels) throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxStartups 10:30:100");
                RealExec controller = new RealExec(RealExec.settings(sessions, sessions, channels))) {
            run(controller, server, sessions, channels, "first, with the connects");
            for (int round = 1; round <= ROUNDS; round++) {
                run(controller, server, sessions, channels, "again, round " + round);
            }
        }
    }

    private static void run(RealExec controller, OpenSshServer server, int sessions, int channels, String what) {
        long start = System.nanoTime();
        List<Step> steps = IntStream.range(0, COMMANDS)
                .mapToObj(i -> controller.step(server, "sleep " + COMMAND_SECONDS))
                .toList();
        long succeeded = steps.stream()
                .filter(step -> step.result()
                        .handle((result, failure) ->
                                failure == null && result.exit().equals(new Exited(0)))
                        .join())
                .count();
        double seconds = (System.nanoTime() - start) / 1e9;
        double allowed = Math.ceil(COMMANDS / (double) (sessions * channels)) * COMMAND_SECONDS;
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %s | %.2f | %.2f | %d |%n",
                sessions,
                channels,
                what,
                seconds,
                seconds / allowed,
                COMMANDS - succeeded);
    }
}
