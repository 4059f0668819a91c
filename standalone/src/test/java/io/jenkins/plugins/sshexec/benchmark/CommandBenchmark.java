package io.jenkins.plugins.sshexec.benchmark;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long a build waits for {@code true} on a remote host: {@code sshExec}, what it would be without the pool, and
 * OpenSSH's client, on one OpenSSH server on this machine. docs/benchmarks.md says how to read the table.
 */
public final class CommandBenchmark {

    /** Ends at once, so that what is left is the way there and back, and the server's work for any command. */
    private static final String COMMAND = "true";

    /** In a round, for each run that opens a connection. */
    private static final int RUNS_WITHOUT_CONNECTING = 10;

    private CommandBenchmark() {}

    /** Prints a table in Markdown. */
    public static void main(String... arguments) throws Exception {
        Options options = Options.parse(arguments);
        try (Target target = Target.start();
                EmbeddedPlugin plugin = EmbeddedPlugin.start(target);
                OpenSshClient client = OpenSshClient.of(target)) {
            Optional<String> clientVersion = OpenSshClient.version();
            System.out.println(Machine.describe());
            System.out.println("Server: " + plugin.serverVersion());
            System.out.println("Client: " + clientVersion.orElse("no ssh is installed, so its rows are missing"));

            Rounds rounds = new Rounds()
                    .add(plugin.step(COMMAND), RUNS_WITHOUT_CONNECTING)
                    .add(plugin.pooled(COMMAND), RUNS_WITHOUT_CONNECTING)
                    .add(plugin.unpooled(COMMAND), 1);
            if (clientVersion.isPresent()) {
                rounds.add(client.multiplexed(COMMAND), RUNS_WITHOUT_CONNECTING).add(client.connecting(COMMAND), 1);
            }
            rounds.add(localProcess(target), RUNS_WITHOUT_CONNECTING);

            rounds.run(options.warmUpRounds());
            String loadBefore = Machine.load();
            Map<Contender, Latencies> results = rounds.run(options.rounds());
            System.out.printf(
                    "%d rounds after %d to warm up; load average %s before, %s after%n%n",
                    options.rounds(), options.warmUpRounds(), loadBefore, Machine.load());
            System.out.print(new ResultTable(results));
        }
    }

    /** How much of a client program's time is no SSH at all. */
    private static Contender localProcess(Target target) {
        return new Contender("a local process, no SSH", new LocalProcess(target.file("local.out"), List.of(COMMAND)));
    }
}
