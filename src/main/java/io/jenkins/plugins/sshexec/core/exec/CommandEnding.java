package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

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
    private final TimedExecutor threads;
    private final ExecObserver observer;

    /** To be cancelled when the command has ended. Guarded by this. */
    private final List<Future<?>> planned = new ArrayList<>();

    /** Guarded by this. */
    private boolean finished;

    /** @param threads run the steps; one that blocks must not keep the next waiting */
    CommandEnding(RemoteProcess process, TimedExecutor threads, ExecObserver observer) {
        this.process = process;
        this.threads = threads;
        this.observer = observer;
    }

    /** Starts ending the command; every step comes in its time, whatever becomes of the one before it. Returns at once. */
    void begin() {
        plan(Duration.ZERO, () -> process.signal("TERM"));
        plan(GRACE, () -> process.signal("KILL"));
        plan(GRACE.plus(AFTER_KILL), this::giveUp);
    }

    private void giveUp() {
        observer.mayStillRun();
        process.close();
    }

    private void plan(Duration delay, Runnable step) {
        Future<?> due = threads.after(delay, () -> take(step));
        synchronized (this) {
            if (!finished) {
                planned.add(due);
                return;
            }
        }
        due.cancel(false);
    }

    /** A step that a thread has got already cannot be cancelled, so it looks for itself whether it is still wanted. */
    private void take(Runnable step) {
        synchronized (this) {
            if (finished) {
                return;
            }
        }
        step.run();
    }

    /** The command has ended: no further step is taken. */
    synchronized void finish() {
        finished = true;
        planned.forEach(step -> step.cancel(false));
    }
}
