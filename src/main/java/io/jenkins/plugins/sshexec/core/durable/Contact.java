package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Whether a durable command is being followed, since when it is not, and when it was heard of last. Thread-safe. */
final class Contact {

    private final Backoff backoff;
    private final DurableObserver observer;
    private final NanoClock clock;

    /** Whether {@code follow.sh} was there the last time that anything came. Guarded by this. */
    private boolean found;

    /** Whether the observer waits to hear that the command was found. Guarded by this. */
    private boolean missed;

    /** Whether there is an outage now, since {@link #lostNanos}. Guarded by this. */
    private boolean lost;

    /** Guarded by this. */
    private long lostNanos;

    /** When output came last. Guarded by this. */
    private long heardNanos;

    Contact(Backoff backoff, DurableObserver observer, NanoClock clock) {
        this.backoff = backoff;
        this.observer = observer;
        this.clock = clock;
        this.heardNanos = clock.nanoTime();
    }

    /** The command was started before. */
    synchronized void toBeFound() {
        missed = true;
    }

    synchronized void silentFor(Duration silence) {
        heardNanos = clock.nanoTime() - silence.toNanos();
    }

    /** How long the command has written nothing; empty where nobody knows, because it is not followed. */
    synchronized Optional<Duration> silence() {
        return lost ? Optional.empty() : Optional.of(Duration.ofNanos(clock.nanoTime() - heardNanos));
    }

    /** Returns how long the outage has lasted. */
    Duration lost(SshException failure) {
        boolean tell;
        Duration since;
        synchronized (this) {
            long now = clock.nanoTime();
            if (!lost) {
                lost = true;
                lostNanos = now;
            }
            since = Duration.ofNanos(now - lostNanos);
            found = false;
            tell = !missed;
            missed = true;
        }
        if (tell) {
            observer.lost(failure);
        }
        return since;
    }

    void found() {
        boolean tell;
        synchronized (this) {
            if (lost) {
                heardNanos = clock.nanoTime(); // it may have written until just now
            }
            lost = false;
            found = true;
            tell = missed;
            missed = false;
            backoff.reset();
        }
        if (tell) {
            observer.found();
        }
    }

    synchronized boolean wasFoundLast() {
        return found;
    }

    synchronized Duration nextWait() {
        return backoff.next();
    }

    private synchronized void heard() {
        heardNanos = clock.nanoTime();
    }

    /** The same sink, listened to. */
    OutputSink listening(OutputSink sink) {
        return new OutputSink() {
            @Override
            public void stdout(byte[] buffer, int offset, int length) throws IOException {
                heard();
                sink.stdout(buffer, offset, length);
            }

            @Override
            public void stderr(byte[] buffer, int offset, int length) throws IOException {
                heard();
                sink.stderr(buffer, offset, length);
            }
        };
    }
}
