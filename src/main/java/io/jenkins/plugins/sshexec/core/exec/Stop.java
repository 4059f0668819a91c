package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The end of one command before its own, for whatever reason comes first. Thread-safe. */
final class Stop {

    enum Reason {
        /** The caller wants it no more. */
        CANCELLED,
        /** It took longer than {@link ExecLimits#total}. */
        TOTAL,
        /** It wrote nothing for longer than {@link ExecLimits#idle}. */
        IDLE,
        /** Its output was refused. */
        OUTPUT,
        /** Its input could not be read to the end. */
        INPUT
    }

    private final AtomicReference<Reason> reason = new AtomicReference<>();
    private final Cancellation cancellation = new Cancellation();

    void because(Reason why) {
        if (reason.compareAndSet(null, why)) {
            cancellation.cancel();
        }
    }

    Optional<Reason> reason() {
        return Optional.ofNullable(reason.get());
    }

    /** Cancelled with the first reason. */
    Cancellation cancellation() {
        return cancellation;
    }
}
