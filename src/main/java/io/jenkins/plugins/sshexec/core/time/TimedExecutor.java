package io.jenkins.plugins.sshexec.core.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An executor that can be asked to run a task later. It owns no thread. Its threads should outlive whoever uses it; a task
 * that is refused because they have not runs at once on the thread that brought it, because a lost one would leave a caller
 * waiting for ever. So none of the methods throws {@link RejectedExecutionException}.
 *
 * <p>Thread-safe, and called under no lock: the task may run before the call returns.
 */
public final class TimedExecutor implements Executor {

    private static final Logger LOGGER = Logger.getLogger(TimedExecutor.class.getName());

    private final Executor executor;
    private final ScheduledExecutorService scheduler;

    /**
     * @param executor runs the tasks
     * @param scheduler says when those that are to run later are due; its thread runs none of them
     */
    public TimedExecutor(Executor executor, ScheduledExecutorService scheduler) {
        this.executor = executor;
        this.scheduler = scheduler;
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "A task runs on the thread that brought it", e);
            task.run();
        }
    }

    /**
     * Runs {@code task} after {@code delay}; on the executor too, because the scheduler's thread serves everybody.
     *
     * @return to be cancelled when the task is no longer needed; a task that the executor has got already runs all the same
     */
    public Future<?> after(Duration delay, Runnable task) {
        try {
            return scheduler.schedule(() -> execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "No timer is left, so the time is over at once", e);
            execute(task);
            return CompletableFuture.completedFuture(null);
        }
    }
}
