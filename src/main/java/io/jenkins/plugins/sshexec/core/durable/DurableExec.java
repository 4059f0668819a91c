package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.ExecThreads;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.util.concurrent.CompletableFuture;

/**
 * Runs durable commands: started once, followed whatever becomes of the connection, ended and cleared away. Thread-safe; one
 * object serves all builds. A command that runs holds one channel and no thread.
 */
public final class DurableExec {

    private final RemoteExec exec;
    private final ExecThreads threads;
    private final NanoClock clock;
    private final DurableTimes times;
    private final String shell;

    public DurableExec(RemoteExec exec, ExecThreads threads, NanoClock clock) {
        this(exec, threads, clock, DurableTimes.DEFAULT, "/bin/sh");
    }

    /** @param shell that reads the scripts, as in {@link ControlScripts} */
    DurableExec(RemoteExec exec, ExecThreads threads, NanoClock clock, DurableTimes times, String shell) {
        this.exec = exec;
        this.threads = threads;
        this.clock = clock;
        this.times = times;
        this.shell = shell;
    }

    /**
     * Starts the command, or finds it again, and follows it to its end.
     *
     * @param output gets every byte once, each stream in its order, one call at a time, on a thread that may be held up. An
     *     {@code IOException} ends the command.
     * @param cancellation ends the command; the future then completes with a {@link
     *     java.util.concurrent.CancellationException}
     * @return how the command ended; or exceptionally an {@link io.jenkins.plugins.sshexec.core.error.SshException}. After one
     *     that says that the pool is closed, the command goes on; after all others it has ended, or was tried to be, or
     *     cannot be reached.
     */
    public CompletableFuture<ExecResult> run(
            DurableRequest request, OutputSink output, DurableObserver observer, Cancellation cancellation) {
        ControlScripts scripts =
                new ControlScripts(request.id(), request.directory().orElse(""), shell);
        HostScripts host = new HostScripts(exec, request, scripts);
        return new DurableRun(request, host, output, observer, threads, clock, times).start(cancellation);
    }
}
