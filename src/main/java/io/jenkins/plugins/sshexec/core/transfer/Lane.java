package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One channel for files at a time, on one lease, used by one thread. A cancellation closes the channel, and where that is not enough, the
 * session: a server that reads nothing would hold the thread up. Owns the lease: closing the lane gives it back.
 */
final class Lane implements AutoCloseable {

    /** From the cancellation on, for the channel to be closed. */
    private static final Duration CLOSE_GRACE = Duration.ofMillis(1500);

    /** For removing what is of no use to anybody. */
    private static final Duration TIDY_LIMIT = Duration.ofMillis(700);

    /**
     * From the cancellation on, for the same. Well before {@link #CLOSE_GRACE}, because what cannot be removed is no reason to close
     * a session that others use.
     */
    private static final Duration TIDY_GRACE = Duration.ofMillis(1200);

    private static final Logger LOGGER = Logger.getLogger(Lane.class.getName());

    private final SessionLease lease;
    private final TransferRequest request;
    private final Cancellation stop;
    private final TimedExecutor enders;
    private final Cancellation.Registration registration;

    /** Cancelled when nothing is to be removed any more. */
    private final Cancellation noMoreTidying = new Cancellation();

    /** Of new files, by their directories. Only the lane's thread uses it. */
    private final Map<String, Integer> givenPermissions = new HashMap<>();

    /** Only the lane's thread sets it. */
    private volatile RemoteFiles files;

    /** Guarded by this. */
    private boolean closed;

    private Lane(
            SessionLease lease, RemoteFiles files, TransferRequest request, Cancellation stop, TimedExecutor enders) {
        this.lease = lease;
        this.files = files;
        this.request = request;
        this.stop = stop;
        this.enders = enders;
        this.registration = stop.onCancel(this::breakOff);
    }

    /**
     * Opens the channel; blocks the calling thread. Where that fails, the lease is still the caller's.
     *
     * @throws CancellationException if cancelled
     */
    static Lane open(SessionLease lease, TransferRequest request, Cancellation stop, TimedExecutor enders)
            throws SshException {
        return new Lane(lease, openFiles(lease, request, stop, enders), request, stop, enders);
    }

    private static RemoteFiles openFiles(
            SessionLease lease, TransferRequest request, Cancellation stop, TimedExecutor enders) throws SshException {
        Duration timeout = request.startTimeout();
        stop.throwIfCancelled();
        Cancellation starting = new Cancellation();
        Future<?> timer = enders.after(timeout, starting::cancel);
        try (Cancellation.Registration ignored =
                stop.onCancel(() -> enders.execute(starting::cancel))) { // which may block for a moment
            return lease.session().openFiles(timeout, starting);
        } catch (CancellationException e) {
            stop.throwIfCancelled();
            String detail = "no answer within " + timeout.toSeconds() + " seconds";
            throw new SessionLost(request.spec().endpoint(), Stage.CHANNEL, detail, e);
        } finally {
            timer.cancel(false);
        }
    }

    /**
     * Whether a file that this lane has just made has these permissions without being given them. For the first one of a
     * directory the server is asked; what it gives by itself (umask, a default ACL) is the same for those that follow.
     */
    boolean givesByItself(String directory, String file, int permissions) throws SshException {
        Integer given = givenPermissions.get(directory);
        if (given == null) {
            given = files.look(file).map(RemoteFile::permissions).orElse(RemoteFile.NO_PERMISSIONS);
            givenPermissions.put(directory, given);
        }
        return given == permissions;
    }

    RemoteFiles files() {
        return files;
    }

    /** A channel that is good for nothing any more gives way to another one. */
    void renew() throws SshException {
        files.close();
        files = openFiles(lease, request, stop, enders);
        if (stop.isCancelled()) { // which may have closed the one before
            files.close();
        }
    }

    private void breakOff() {
        enders.execute(() -> files.close());
        enders.after(TIDY_GRACE, noMoreTidying::cancel);
        enders.after(CLOSE_GRACE, this::closeSession);
    }

    /** Not after the lease was given back: the session is somebody else's then. */
    private synchronized void closeSession() {
        if (!closed) {
            lease.retire(RetireReason.FAILED);
            lease.session().close(); // never blocks
        }
    }

    /** Removes a file that is of no use any more, if that can be done at once. */
    void discard(String path) {
        Cancellation late = new Cancellation();
        Future<?> timer = enders.after(TIDY_LIMIT, late::cancel);
        try (Cancellation.Registration ignored = noMoreTidying.onCancel(late::cancel)) {
            if (!files.isBroken()) {
                files.remove(path);
                return;
            }
            files.close();
            if (lease.session().isOpen()) {
                try (RemoteFiles fresh = lease.session().openFiles(TIDY_LIMIT, late);
                        Cancellation.Registration broken = late.onCancel(fresh::close)) {
                    fresh.remove(path);
                }
            }
        } catch (SshException | CancellationException e) {
            LOGGER.log(Level.FINE, e, () -> "A temporary file is left: " + path);
        } finally {
            timer.cancel(false);
        }
    }

    /** Nobody knows what state the session is in. */
    void retire() {
        lease.retire(RetireReason.FAILED);
    }

    @Override
    public void close() {
        registration.close();
        try {
            files.close();
        } finally {
            synchronized (this) {
                closed = true;
            }
            lease.close();
        }
    }
}
