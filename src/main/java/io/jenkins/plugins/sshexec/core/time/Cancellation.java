package io.jenkins.plugins.sshexec.core.time;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Says that a caller no longer wants what it asked for. Needed beside thread interrupts because a waiting call has no
 * thread, and because JSch swallows interrupts.
 *
 * <p>Thread-safe. Actions run on the thread that cancels, outside the lock, once each.
 */
public final class Cancellation {

    /** An action waiting for the cancellation; closed when the stage that it belongs to is over. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private final Object lock = new Object();

    /** Guarded by {@link #lock}; null once cancelled. */
    private List<Runnable> actions = new ArrayList<>();

    /** Cancels; calling it again does nothing. */
    public void cancel() {
        List<Runnable> run;
        synchronized (lock) {
            if (actions == null) {
                return;
            }
            run = actions;
            actions = null;
        }
        run.forEach(Runnable::run);
    }

    public boolean isCancelled() {
        synchronized (lock) {
            return actions == null;
        }
    }

    /** @throws CancellationException if cancelled */
    public void throwIfCancelled() {
        if (isCancelled()) {
            throw new CancellationException();
        }
    }

    /** Runs {@code action} on cancellation, at once where that has happened already. The action must not block or throw. */
    public Registration onCancel(Runnable action) {
        // A wrapper of its own, so that closing removes this registration and no equal one.
        Runnable mine = action::run;
        synchronized (lock) {
            if (actions != null) {
                actions.add(mine);
                return () -> remove(mine);
            }
        }
        mine.run();
        return () -> {};
    }

    private void remove(Runnable action) {
        synchronized (lock) {
            if (actions != null) {
                actions.remove(action);
            }
        }
    }
}
