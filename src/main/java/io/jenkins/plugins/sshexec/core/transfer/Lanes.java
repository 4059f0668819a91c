package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.pool.SessionPool;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The channels on which the files of one try go at the same time. The first one is there; further ones join it as the pool has
 * them to give, and where it has none before the files have come to their end, it was done without them. So a transfer never
 * waits for a lease while it holds one.
 */
final class Lanes {

    /** Each file takes four or five round trips, one after the other; on a long line that is all there is to wait for. */
    static final int MAX_LANES = 8;

    /** For fewer files than that it is not worth to open one more channel. */
    private static final int FILES_PER_LANE = 8;

    private static final Logger LOGGER = Logger.getLogger(Lanes.class.getName());

    private final SessionPool pool;
    private final TransferRequest request;
    private final Carriage carriage;
    private final TransferThreads threads;
    private final Cancellation stop;

    /** Further leases that have not come are not wanted any more. */
    private final Cancellation enough = new Cancellation();

    /** The first failure; the others are of its making. Guarded by this. */
    private IOException failure;

    Lanes(SessionPool pool, TransferRequest request, Carriage carriage, TransferThreads threads, Cancellation stop) {
        this.pool = pool;
        this.request = request;
        this.carriage = carriage;
        this.threads = threads;
        this.stop = stop;
    }

    /**
     * Copies all files; returns when no lane is at work any more. Each is closed as soon as it has nothing more to do.
     *
     * @return why not all have come over; null where they have
     */
    IOException run(Lane first) {
        List<CompletableFuture<Void>> others = new ArrayList<>();
        int wanted = Math.min(MAX_LANES, carriage.remaining() / FILES_PER_LANE + 1);
        try (Cancellation.Registration ignored = stop.onCancel(enough::cancel)) {
            for (int i = 1; i < wanted; i++) {
                others.add(pool.lease(request.spec(), request.holder(), placeInLine -> {}, enough)
                        .thenCompose(this::onCarrier)
                        .exceptionally(Lanes::doneWithout));
            }
            carry(first);
            first.close(); // others can use its lease while further lanes copy their last files
        } finally {
            // Whatever happened: no lane may be at work when the transfer has ended.
            enough.cancel();
            others.forEach(CompletableFuture::join);
        }
        return failure();
    }

    private static Void doneWithout(Throwable failure) {
        LOGGER.log(Level.FINE, "No further lane", failure);
        return null;
    }

    /** Not by thenAcceptAsync: where the system has no thread left, that fails without giving the lease back. */
    private CompletableFuture<Void> onCarrier(SessionLease lease) {
        try {
            return CompletableFuture.runAsync(() -> further(lease), threads.carriers());
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    private void further(SessionLease lease) {
        Lane lane = null;
        try {
            if (carriage.remaining() > 0 && failure() == null) {
                lane = Lane.open(lease, request, stop, threads.enders());
                carry(lane);
            }
        } catch (ChannelRefused e) {
            lease.channelRefused();
            doneWithout(e);
        } catch (SshException | CancellationException e) {
            lease.retire(RetireReason.FAILED);
            doneWithout(e);
        } finally {
            if (lane == null) {
                lease.close();
            } else {
                lane.close();
            }
        }
    }

    private void carry(Lane lane) {
        try {
            while (failure() == null && !stop.isCancelled() && carriage.next(lane)) {
                // The next one.
            }
        } catch (IOException e) {
            if (e instanceof SessionLost) {
                lane.retire();
            }
            failed(e);
        } catch (RuntimeException | Error e) {
            // Errors too: the file has left the line, and without a failure it would be taken for copied.
            lane.retire();
            failed(new IOException(e));
        }
    }

    /** The other lanes may be waiting for the workspace, which has to know that nothing more is wanted. */
    private void failed(IOException e) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = e;
        }
        if (!(e instanceof SessionLost)) {
            carriage.breakOff(e);
        }
    }

    private synchronized IOException failure() {
        return failure;
    }
}
