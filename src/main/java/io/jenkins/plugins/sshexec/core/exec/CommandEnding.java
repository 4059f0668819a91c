package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends a command that nobody wants any more: asks with TERM, insists with KILL after {@link #GRACE}, and gives up a moment
 * later by closing the channel, which the observer is told because the command may then still run. Servers can ignore
 * signals: OpenSSH before 7.9, and later ones for forced commands and for root.
 */
final class CommandEnding {

    /** For the command to clean up after TERM. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** For the server to report the end after KILL. */
    static final Duration AFTER_KILL = Duration.ofSeconds(1);

    private final RemoteProcess process;
    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final ExecObserver observer;

    /** Guarded by this. The step under way; null before the first and after the last. */
    private Future<?> next;

    /** Guarded by this. */
    private boolean finished;

    CommandEnding(RemoteProcess process, ScheduledExecutorService timer, Executor executor, ExecObserver observer) {
        this.process = process;
        this.timer = timer;
        this.executor = executor;
        this.observer = observer;
    }

    /** Starts ending the command. Returns at once. */
    void begin() {
        then(Duration.ZERO, this::terminate);
    }

    private void terminate() {
        then(GRACE, this::kill);
        process.signal("TERM");
    }

    private void kill() {
        then(AFTER_KILL, this::giveUp);
        process.signal("KILL");
    }

    private void giveUp() {
        observer.mayStillRun();
        process.close();
    }

    /** The executor takes the step over from the timer, because sending blocks while the server reads nothing. */
    private synchronized void then(Duration delay, Runnable step) {
        if (!finished) {
            next = timer.schedule(() -> executor.execute(step), delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The command has ended: no further step is taken. */
    synchronized void finish() {
        finished = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
