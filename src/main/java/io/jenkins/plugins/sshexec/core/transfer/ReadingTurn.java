package io.jenkins.plugins.sshexec.core.transfer;

import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Whose turn it is to read the one stream of all files. Unlike a lock it can be broken off by a thread that does not hold it,
 * and nobody waits for a turn that is of no use: who waits has a lease that others could use.
 */
final class ReadingTurn {

    /** Guarded by this. */
    private boolean taken;

    /** Whether whoever has the turn, or the next one, does all that is left. Guarded by this. */
    private boolean kept;

    /** Why nobody gets a turn any more. Guarded by this. */
    private Throwable broken;

    /** A new stream. Nobody has or wants a turn. */
    synchronized void begin() {
        taken = false;
        kept = false;
        broken = null;
    }

    /**
     * Waits for the turn.
     *
     * @return false where another thread does all that is left
     * @throws IOException where the turns are broken off
     */
    synchronized boolean take() throws IOException {
        try {
            while (taken && !kept && broken == null) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
        if (taken) {
            return false;
        }
        taken = true;
        return true;
    }

    /** Who has the turn does all that is left; those who wait do not get one. */
    synchronized void keep() {
        kept = true;
        notifyAll();
    }

    /** The end of a turn. */
    synchronized void give() {
        taken = false;
        notifyAll();
    }

    /** Wakes those who wait. Who has the turn still gives it back. The first reason counts. */
    synchronized void breakOff(Throwable why) {
        if (broken == null) {
            broken = why;
            notifyAll();
        }
    }
}
