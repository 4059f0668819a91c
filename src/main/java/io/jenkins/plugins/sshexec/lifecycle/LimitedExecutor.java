package io.jenkins.plugins.sshexec.lifecycle;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Runs at most so many tasks at once on the threads of another executor; further ones wait, in their order, for one of these
 * to end. Over a pool that starts threads as they are needed, it is what {@link java.util.concurrent.ThreadPoolExecutor}
 * cannot be alone: with a bound and a queue, that starts a thread for each task though others are idle, or queues tasks
 * though it could start a thread.
 *
 * <p>Thread-safe.
 */
final class LimitedExecutor implements Executor {

    private final int most;
    private final Executor threads;

    /** Also the lock. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    /** Guarded by {@link #waiting}. */
    private int running;

    /** @param threads runs each task at once, on a thread that is not the caller's, or refuses it */
    LimitedExecutor(int most, Executor threads) {
        this.most = most;
        this.threads = threads;
    }

    /** Passes on what the other executor throws where it refuses a task; one that waits is refused no more. */
    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            if (running == most) {
                waiting.add(task);
            } else {
                threads.execute(() -> run(task));
                running++;
            }
        }
    }

    private void run(Runnable first) {
        for (Runnable task = first; task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
            Thread.interrupted(); // as a pool does it: that was for the task
        }
    }

    /** What has waited longest; null where nothing waits, and then one task less is running. */
    private Runnable next() {
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                running--;
            }
            return waiting.poll();
        }
    }
}
