package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the pool alone adds to a command: a lease on a session that was used just now, taken and given back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LeaseBenchmark {

    private static final int SESSIONS = 16;
    private static final LeaseHolder HOLDER = new LeaseHolder("shop", "shop #1", "job/shop/1/");

    private EmbeddedSshServer server;
    private RealExec controller;
    private SessionSpec spec;

    @Setup
    public void connect() throws IOException {
        server = EmbeddedSshServer.startOn("127.0.0.1", EmbeddedSshServer.Auth.PASSWORD);
        controller = new RealExec(RealExec.settings(SESSIONS, SESSIONS, 1), Duration.ofMinutes(1));
        spec = controller.spec(server.endpoint(), EmbeddedSshServer.login());
        lease();
    }

    @Benchmark
    public void lease() {
        controller
                .pool()
                .lease(spec, HOLDER, place -> {}, new Cancellation())
                .join()
                .close();
    }

    @TearDown
    public void close() throws IOException {
        controller.close();
        server.close();
    }

    static void run(Options options, Report report) throws Exception {
        report.heading("The pool alone");
        Table table = new Table("callers", "us for a lease", "error (99.9 %)");
        for (int threads : List.of(1, 2, 8)) {
            Collection<RunResult> results = new Runner(new OptionsBuilder()
                            .include(LeaseBenchmark.class.getName())
                            .threads(threads)
                            .forks(1)
                            .warmupIterations(options.rounds(5))
                            .measurementIterations(options.rounds(5))
                            .warmupTime(TimeValue.seconds(1))
                            .measurementTime(TimeValue.seconds(1))
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run();
            results.forEach(result -> table.row(
                    String.valueOf(threads),
                    Table.number("%.2f", result.getPrimaryResult().getScore()),
                    Table.number("%.2f", result.getPrimaryResult().getScoreError())));
        }
        report.table(table);
    }
}
