package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import java.time.Duration;
import java.util.Optional;

/** Looks whether a command has written nothing for too long. What it writes while it is not followed nobody knows. */
final class SilenceLimit {

    /** For the first look at a command that was started before: to see what was written while nobody looked. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

    private final Duration limit;
    private final Contact contact;
    private final Stopping stopping;
    private final TimedExecutor timer;
    private final Runnable onExceeded;

    SilenceLimit(Duration limit, Contact contact, Stopping stopping, TimedExecutor timer, Runnable onExceeded) {
        this.limit = limit;
        this.contact = contact;
        this.stopping = stopping;
        this.timer = timer;
        this.onExceeded = onExceeded;
    }

    /** @param silent of the limit, before a restart */
    void watch(Duration silent) {
        contact.silentFor(silent);
        Duration left = limit.minus(silent);
        look(silent.isZero() || left.compareTo(FIRST_LOOK) > 0 ? left : FIRST_LOOK);
    }

    /** Once the limit could be reached, rather than with each byte of output. */
    private void look(Duration delay) {
        stopping.plan(timer.after(delay, () -> {
            Optional<Duration> silence = contact.silence();
            if (silence.isEmpty()) {
                look(limit);
            } else if (silence.get().compareTo(limit) >= 0) {
                onExceeded.run();
            } else {
                look(limit.minus(silence.get()));
            }
        }));
    }
}
