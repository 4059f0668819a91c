package io.jenkins.plugins.sshexec.core.pool;

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
 * The threads that the pool works on. It owns none of them. Both executors should outlive the pool; a task that is refused
 * runs at once on the thread that brought it, because a lost one would leave a caller waiting for ever.
 */
final class PoolThreads implements Executor {

    private static final Logger LOGGER = Logger.getLogger(PoolThreads.class.getName());

    private final Executor executor;
    private final ScheduledExecutorService scheduler;

    PoolThreads(Executor executor, ScheduledExecutorService scheduler) {
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /** Runs a task that may block for the length of a handshake, and callers' code. */
    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "A task of the pool runs on the thread that brought it", e);
            task.run();
        }
    }

    /**
     * Runs {@code task} after {@code delay}; on the executor too, because the scheduler's thread serves everybody.
     *
     * @return to be cancelled when the task is no longer needed
     */
    Future<?> after(Duration delay, Runnable task) {
        try {
            return scheduler.schedule(() -> execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "No timer is left, so the time is over at once", e);
            execute(task);
            return CompletableFuture.completedFuture(null);
        }
    }
}
