package io.jenkins.plugins.sshexec.core.time;

import java.time.Duration;

/**
 * Told how long the parts of commands took. Called by the thread that has just done the part, by many at once, so it must
 * be thread-safe, quick, and never throw.
 */
@FunctionalInterface
public interface Timings {

    /** What is measured. */
    enum Part {
        /** From asking for a session to having it: waiting in line, and checking or connecting. Where none was had: nothing. */
        BORROW,
        /** A handshake that succeeded, from name look-up to login. */
        CONNECT,
        /** Asking a session for a sign of life, whether one came or not. */
        CHECK,
        /** A command that ran to its end, from the exec request to the end of its channel. */
        RUN
    }

    void took(Part part, Duration duration);
}
