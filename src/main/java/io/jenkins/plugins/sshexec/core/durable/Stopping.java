package io.jenkins.plugins.sshexec.core.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Why a durable command is to be ended, and how whatever is under way for it hears of that. Whoever begins something
 * {@linkplain #enter says} what breaks it off; the end itself begins when that is over, so that a command has one script at a
 * time. Thread-safe.
 */
final class Stopping {

    /** What breaks off what is under way. Guarded by this. */
    private Runnable breakOff = () -> {};

    /** Null while the command is wanted. Guarded by this. */
    private Throwable reason;

    /** Timers, of which most have run by the time the list is looked at. Guarded by this. */
    private final List<Future<?>> planned = new ArrayList<>();

    /** Guarded by this. */
    private boolean over;

    /** The first reason counts. */
    void because(Throwable why) {
        Runnable action;
        synchronized (this) {
            if (reason != null || over) {
                return;
            }
            reason = why;
            action = breakOff;
        }
        action.run();
    }

    synchronized Optional<Throwable> reason() {
        return Optional.ofNullable(reason);
    }

    /**
     * Something begins.
     *
     * @param action breaks it off; must not block
     * @return false where it is not to begin
     */
    synchronized boolean enter(Runnable action) {
        breakOff = action;
        return reason == null;
    }

    /** A timer that is of no use when the run is over. */
    void plan(Future<?> timer) {
        synchronized (this) {
            if (!over) {
                planned.removeIf(Future::isDone);
                planned.add(timer);
                return;
            }
        }
        timer.cancel(false);
    }

    /** Nothing is under way any more. */
    synchronized void over() {
        over = true;
        planned.forEach(timer -> timer.cancel(false));
        planned.clear();
    }
}
