package io.jenkins.plugins.sshexec.core.transport.jsch;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The channel that the next command on a session takes, opened while the exec request of the one before is on its way. So of
 * commands that follow each other each waits for one round trip, that of its request, instead of two.
 *
 * <p>Worth it on long lines only: on short ones the thread that opens the channel costs what is saved. And only with servers
 * that call themselves OpenSSH, which counts such a channel (MaxSessions in sshd_config(5)) and does nothing else about it before a request comes.
 *
 * <p>Thread-safe.
 */
final class ChannelAhead {

    private static final Logger LOGGER = Logger.getLogger(ChannelAhead.class.getName());

    private final ChannelsAhead settings;
    private final int maxChannels;

    /** The one that is open or being opened; null for none. Guarded by this. */
    private Opening next;

    /** What the quickest opening so far took; the server's part of it is small. Guarded by this. */
    private Duration roundTrip = Duration.ZERO;

    /** Whether one was refused, or not answered. Guarded by this. */
    private boolean over;

    /** Opens a channel; blocks the calling thread for a round trip. */
    @FunctionalInterface
    interface Opener {
        JschProcess open() throws SshException;
    }

    /** One on its way. */
    private static final class Opening {
        private final CompletableFuture<JschProcess> process = new CompletableFuture<>();

        /** Set by the thread that opens it, or by one that would have it and does not wait for the other to begin. */
        private final AtomicBoolean begun = new AtomicBoolean();
    }

    /** @param maxChannels as many may be open on the session for commands, this one among them */
    ChannelAhead(ChannelsAhead settings, int maxChannels) {
        this.settings = settings;
        this.maxChannels = maxChannels;
    }

    /**
     * The channel, for the caller alone; empty where none is open or on its way. One that is on its way is waited for: the
     * server's answer comes sooner than that to another opening would, and there may be no room for both.
     *
     * @param timeout that the channel must have been opened with
     * @throws SshException where the server did not answer, which says nothing good of the session
     * @throws CancellationException if cancelled
     */
    Optional<JschProcess> take(Duration timeout, Cancellation cancellation) throws SshException {
        Optional<Opening> taken = takeOpening();
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        CompletableFuture<JschProcess> process = taken.get().process;
        CompletableFuture<JschProcess> awaited = process.copy();
        boolean fit = false;
        try (Cancellation.Registration ignored = cancellation.onCancel(() -> awaited.cancel(false))) {
            JschProcess opened = awaited.join(); // JSch ends it in time, or with the session
            fit = opened.isFitFor(timeout);
            return fit ? Optional.of(opened) : Optional.empty();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SshException failure && !(failure instanceof ChannelRefused)) {
                throw failure;
            }
            return Optional.empty(); // the channel that the caller opens now tells why
        } finally {
            if (!fit) {
                process.thenAccept(JschProcess::abandon);
            }
        }
    }

    /** Empty where the opening had not begun, and now never will. */
    private synchronized Optional<Opening> takeOpening() {
        Opening taken = next;
        next = null;
        return taken == null || taken.begun.compareAndSet(false, true) ? Optional.empty() : Optional.of(taken);
    }

    /** After so long without a byte the server is to be asked for a sign of life before the channel is used. */
    Duration silence() {
        return settings.silence();
    }

    /** A channel of the session took so long to open. */
    synchronized void tookToOpen(Duration time) {
        roundTrip = roundTrip.isZero() || time.compareTo(roundTrip) < 0 ? time : roundTrip;
    }

    /**
     * Opens the channel for the next command, unless there is one or it is not worth it. Returns at once.
     *
     * @param channels of commands that are open on the session, without this one
     */
    void prepare(int channels, Opener opener) {
        Opening opening;
        synchronized (this) {
            boolean worthIt = roundTrip.compareTo(settings.longRoundTrip()) >= 0;
            if (next != null || over || channels >= maxChannels || !worthIt) {
                return;
            }
            opening = new Opening();
            next = opening;
        }
        try {
            settings.threads().execute(() -> {
                if (opening.begun.compareAndSet(false, true)) {
                    open(opening, opener);
                }
            });
        } catch (RuntimeException | Error e) {
            // No thread can be started, say. The command that is under way needs none.
            end(opening, e);
        }
    }

    private void open(Opening opening, Opener opener) {
        try {
            opening.process.complete(opener.open());
        } catch (SshException | RuntimeException | Error e) {
            // An Error too: somebody may wait.
            end(opening, e);
        }
    }

    private void end(Opening opening, Throwable failure) {
        LOGGER.log(Level.FINE, "No channel is opened ahead on the session any more", failure);
        synchronized (this) {
            over = true;
        }
        opening.begun.set(true);
        opening.process.completeExceptionally(failure);
    }
}
