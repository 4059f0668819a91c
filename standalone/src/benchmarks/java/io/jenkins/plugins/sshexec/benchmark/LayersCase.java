package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecRequest;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.testing.TextSink;
import io.jenkins.plugins.sshexec.testing.Unobserved;
import java.time.Duration;
import java.util.Map;

/** Where the time of a warm command goes: what each layer of the plugin adds to the one below. */
final class LayersCase {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final LeaseHolder HOLDER = new LeaseHolder("benchmark", "benchmark", "");
    private static final int TIMES = 5;

    private LayersCase() {}

    static void run(Options options, Report report) throws Exception {
        report.heading("The layers of a warm command");
        try (Target target = Target.start();
                EmbeddedPlugin plugin = EmbeddedPlugin.start(target);
                SshSession session = plugin.connect()) {
            SessionSpec spec = plugin.spec();
            LocalProcess local = new LocalProcess();
            Rounds measured = new Rounds()
                    .add(local.name(), () -> local.exec(LatencyCases.COMMAND), TIMES)
                    .add("the transport: channel, request, answer, end", () -> onTransport(session), TIMES)
                    .add("and the pool, the buffer of the log, the limits", () -> inCore(spec), TIMES)
                    .add(
                            "and credentials, the mask, the log: `sshExec`",
                            () -> plugin.exec(LatencyCases.COMMAND),
                            TIMES);
            measured.run(options.rounds(200));
            Map<String, Latencies> latencies = measured.run(options.rounds(100));
            report.table(Table.of(latencies));
        }
    }

    private static long onTransport(SshSession session) throws Exception {
        long start = System.nanoTime();
        session.start(RemoteCommand.of(LatencyCases.COMMAND), new TextSink(), LIMIT, new Cancellation())
                .exit()
                .get();
        return System.nanoTime() - start;
    }

    private static long inCore(SessionSpec spec) throws Exception {
        ExecRequest request =
                new ExecRequest(spec, HOLDER, RemoteCommand.of(LatencyCases.COMMAND), LIMIT, ExecLimits.NONE);
        long start = System.nanoTime();
        SshPoolService.get()
                .exec()
                .run(request, new TextSink(), new Unobserved(), new Cancellation())
                .get();
        return System.nanoTime() - start;
    }
}
