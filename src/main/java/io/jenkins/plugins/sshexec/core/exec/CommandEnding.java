package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends a command that nobody wants any more. Asks the server to send it TERM, insists with KILL after {@link #GRACE}, and
 * gives up a moment later by closing the channel. Meanwhile the {@link EndingScript} does the same to whatever the command
 * has started, and to the command itself where the server refuses signals. The observer is told what is left, or that
 * something may be.
 *
 * <p>The script is a second command. An account that is tied to a forced command (ForceCommand in sshd_config(5)) would
 * run that once more, so it is left out where the server's refusal to signal means just that.
 */
final class CommandEnding {

    /** For the command to clean up after TERM. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** For the end to be reported after KILL. */
    static final Duration AFTER_KILL = Duration.ofMillis(1500);

    /**
     * For the server to let the script start, counted from the end of the command's channel where the server has not told of
     * that end: it may not answer any more.
     */
    static final Duration SCRIPT_START = Duration.ofMillis(500);

    private static final Logger LOGGER = Logger.getLogger(CommandEnding.class.getName());

    private final RemoteProcess process;
    private final SessionLease lease;
    private final MarkedCommand command;
    private final TimedExecutor threads;
    private final ExecObserver observer;
    private final Runnable discardOutput;

    /** Completes when the script has ended, or is not to be run, or not to be waited for. */
    private final CompletableFuture<Void> scriptOver = new CompletableFuture<>();

    /** To be cancelled when the command has ended. Guarded by this. */
    private final List<Future<?>> planned = new ArrayList<>();

    /** Whether the first step was taken, which is the one that runs the script. Guarded by this. */
    private boolean asked;

    /** Guarded by this. */
    private boolean ended;

    /** Null while it does not run. Guarded by this. */
    private EndingScript script;

    /** Whether the command is to be ended. Guarded by this. */
    private boolean begun;

    /** Whether the script has come to its end, and so what is left is known. Guarded by this. */
    private boolean accountedFor;

    /** Whether the observer has heard that something is left, or may be. Guarded by this. */
    private boolean told;

    /**
     * @param threads run the steps; one that blocks must not keep the next waiting
     * @param discardOutput called when the command is given up, so that a log that stalls does not hold up its session
     */
    CommandEnding(
            RemoteProcess process,
            SessionLease lease,
            MarkedCommand command,
            TimedExecutor threads,
            ExecObserver observer,
            Runnable discardOutput) {
        this.process = process;
        this.lease = lease;
        this.command = command;
        this.threads = threads;
        this.observer = observer;
        this.discardOutput = discardOutput;
    }

    /** Starts ending the command; every step comes in its time, whatever becomes of the one before it. Returns at once. */
    void begin() {
        synchronized (this) {
            begun = true;
        }
        plan(Duration.ZERO, this::ask);
        plan(GRACE, () -> process.signal("KILL"));
        plan(GRACE.plus(AFTER_KILL), this::giveUp);
    }

    /**
     * The command's channel has ended. Returns a future that completes when all is known of what the command has started,
     * which is at once where it was not ended from here.
     *
     * @param known whether the server has said how the command ended
     */
    CompletableFuture<Void> commandEnded(boolean known) {
        synchronized (this) {
            ended = true;
            if (!asked) {
                // By itself, or sooner than the first step came. What it has left behind is meant to be there.
                scriptOver.complete(null);
            }
        }
        if (!known && !scriptOver.isDone()) {
            plan(SCRIPT_START, this::giveUpUnlessTheScriptRuns);
        }
        return scriptOver.whenComplete((none, never) -> {
            boolean open;
            synchronized (this) {
                planned.forEach(step -> step.cancel(false));
                open = begun && !known && !accountedFor;
            }
            if (open) {
                tellThatItMayStillRun();
            }
        });
    }

    private void ask() {
        synchronized (this) {
            if (ended) {
                return;
            }
            asked = true;
        }
        // Before the signal, which names the channel by a number: no other command is to get that number meanwhile.
        boolean alone = lease.keepToItself();
        boolean signalled = process.signal("TERM");
        try {
            if (signalled || !command.refusalMeansForced(lease.session())) {
                runScript(alone, signalled);
                return;
            }
        } catch (IOException | RuntimeException e) {
            // No further channel, no shell, no connection: what signals can do is done all the same.
            LOGGER.log(Level.FINE, "What the command has started is left alone: " + lease, e);
        }
        scriptOver.complete(null);
    }

    /** @param alone whether the session carries no other command */
    private void runScript(boolean alone, boolean signalled) throws IOException {
        EndingScript started =
                EndingScript.start(lease.session(), command.mark(), GRACE, alone, signalled, command.startTimeout());
        synchronized (this) {
            script = started;
        }
        started.survivors().whenComplete((survivors, failure) -> {
            if (failure == null && survivors.isPresent()) {
                account(survivors.get());
            }
            scriptOver.complete(null);
        });
        if (scriptOver.isDone()) {
            started.close(); // given up while it was being started
        }
    }

    private void account(List<String> survivors) {
        synchronized (this) {
            accountedFor = true;
            told |= !survivors.isEmpty();
        }
        if (!survivors.isEmpty()) {
            tell(() -> observer.survived(survivors));
        }
    }

    private void tellThatItMayStillRun() {
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
        }
        tell(observer::mayStillRun);
    }

    /** A caller's code: if it cannot show what is left, the lease comes back all the same. */
    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "Could not tell what is left of the command: " + lease, e);
        }
    }

    private void giveUpUnlessTheScriptRuns() {
        synchronized (this) {
            if (script != null) {
                return;
            }
        }
        scriptOver.complete(null);
    }

    private void giveUp() {
        Optional<EndingScript> running;
        synchronized (this) {
            running = Optional.ofNullable(script);
        }
        scriptOver.complete(null);
        running.ifPresent(EndingScript::close);
        if (isEnded()) {
            return;
        }
        try {
            tellThatItMayStillRun();
        } finally {
            // Whatever becomes of the observer: the lease comes back with the channel's end.
            discardOutput.run();
            process.close();
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private void plan(Duration delay, Runnable step) {
        Future<?> due = threads.after(delay, () -> take(step));
        synchronized (this) {
            if (!scriptOver.isDone() || !ended) {
                planned.add(due);
                return;
            }
        }
        due.cancel(false);
    }

    /** A step that a thread has got already cannot be cancelled, so it looks for itself whether it is still wanted. */
    private void take(Runnable step) {
        synchronized (this) {
            if (ended && scriptOver.isDone()) {
                return;
            }
        }
        step.run();
    }
}
