package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.exec.ExecThreads;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Ends a durable command on its host, and tries to as long as the host cannot be reached. Used once. */
final class DurableEnding {

    private static final Logger LOGGER = Logger.getLogger(DurableEnding.class.getName());

    private final HostScripts host;
    private final Contact contact;
    private final DurableObserver observer;
    private final DurableTimes times;
    private final ExecThreads threads;
    private final NanoClock clock;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile long startNanos;

    DurableEnding(
            HostScripts host,
            Contact contact,
            DurableObserver observer,
            DurableTimes times,
            ExecThreads threads,
            NanoClock clock) {
        this.host = host;
        this.contact = contact;
        this.observer = observer;
        this.times = times;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * The observer hears what is left of the command.
     *
     * @return completes on a worker; exceptionally with {@link PoolClosed}, or with whatever kept the host from being reached
     */
    CompletableFuture<Void> start() {
        startNanos = clock.nanoTime();
        tryIt();
        return ended;
    }

    private void tryIt() {
        host.end(times.ending()).whenCompleteAsync(this::answerCame, threads.workers());
    }

    private void answerCame(ScriptAnswer answer, Throwable failure) {
        try {
            answered(answer, failure);
        } catch (RuntimeException | Error e) { // Errors too: the run waits for this.
            ended.completeExceptionally(e);
        }
    }

    private void answered(ScriptAnswer answer, Throwable failure) {
        if (failure == null) {
            tellSurvivors(answer.lines());
            ended.complete(null);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        LOGGER.log(Level.FINE, "A durable command was not ended", cause);
        Duration tried = Duration.ofNanos(clock.nanoTime() - startNanos);
        if (cause instanceof PoolClosed) {
            ended.completeExceptionally(cause);
        } else if (tried.compareTo(times.ending()) < 0) {
            threads.enders().after(contact.nextWait(), this::tryIt);
        } else {
            observer.mayStillRun();
            ended.completeExceptionally(cause);
        }
    }

    private void tellSurvivors(List<String> lines) {
        boolean done = !lines.isEmpty() && lines.get(lines.size() - 1).equals("done");
        if (!done) {
            observer.mayStillRun();
        } else if (lines.size() > 1) {
            observer.survived(lines.subList(0, lines.size() - 1));
        }
    }
}
