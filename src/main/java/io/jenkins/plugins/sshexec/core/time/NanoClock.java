package io.jenkins.plugins.sshexec.core.time;

/** A clock for measuring durations, unmoved by changes of the wall clock; replaced in tests. */
@FunctionalInterface
public interface NanoClock {

    /** {@link System#nanoTime}. */
    NanoClock SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary origin; only differences mean anything. */
    long nanoTime();
}
