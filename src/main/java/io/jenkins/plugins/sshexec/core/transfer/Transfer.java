package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.pool.SessionPool;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** One transfer under way, over as many sessions as it takes. */
final class Transfer {

    /** As {@link io.jenkins.plugins.sshexec.core.exec.RemoteExec} does after a refused channel, and for the same reasons. */
    private static final List<Duration> WAITS_AFTER_REFUSALS = List.of(Duration.ofMillis(20), Duration.ofMillis(200));

    /**
     * New sessions that may be lost in a row without more being in place, or of use to the next, than ever before. Bytes alone
     * say nothing: a network that cuts each connection at the same place lets some over each time.
     */
    private static final int MAX_LOST_WITHOUT_PROGRESS = 2;

    /** For the workspace to remove what it has of files that are not complete; an agent may be silent. */
    private static final Duration TIDY_LIMIT = Duration.ofMillis(400);

    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

    private final SessionPool pool;
    private final TransferRequest request;
    private final Carriage carriage;
    private final TransferObserver observer;
    private final TransferThreads threads;
    private final Progress progress;
    private final Cancellation stop;
    private final AtomicBoolean timedOut = new AtomicBoolean();

    /** Only the thread that carries the transfer on uses these. */
    private int refusals;

    private int lostWithoutProgress;
    private int filesBefore;
    private long bytesBefore;

    /** Guarded by this. */
    private Future<?> progressTimer;

    /** Completed when the observer has taken what it was told last of the progress. Guarded by this. */
    private CompletableFuture<Void> lastTold = CompletableFuture.completedFuture(null);

    /** Guarded by this. */
    private boolean ended;

    /** @param stop cancelled when the transfer is to end, whoever says so */
    Transfer(
            SessionPool pool,
            TransferRequest request,
            Carriage carriage,
            TransferObserver observer,
            TransferThreads threads,
            Progress progress,
            Cancellation stop) {
        this.pool = pool;
        this.request = request;
        this.carriage = carriage;
        this.observer = observer;
        this.threads = threads;
        this.progress = progress;
        this.stop = stop;
    }

    CompletableFuture<TransferResult> run(Cancellation caller) {
        stop.onCancel(() -> threads.enders().execute(() -> carriage.breakOff(new CancellationException())));
        Cancellation.Registration registration = caller.onCancel(stop::cancel);
        Future<?> timer = request.limit()
                .<Future<?>>map(limit -> threads.enders().after(limit, () -> {
                    timedOut.set(true);
                    stop.cancel();
                }))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
        return CompletableFuture.runAsync(this::list, threads.carriers())
                .thenCompose(none -> next())
                .handle((none, failure) -> {
                    registration.close();
                    timer.cancel(false);
                    CompletableFuture<Void> over = CompletableFuture.allOf(end(), lastTold());
                    if (failure != null) {
                        RuntimeException told =
                                outcome(failure instanceof CompletionException ? failure.getCause() : failure);
                        return over.<TransferResult>thenCompose(ignored -> CompletableFuture.failedFuture(told));
                    }
                    TransferResult result = new TransferResult(progress.now(), carriage.place());
                    return over.thenApply(ignored -> result);
                })
                .thenCompose(Function.identity());
    }

    private void list() {
        try {
            stop.throwIfCancelled();
            carriage.list();
            watchProgress();
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        }
    }

    private synchronized void watchProgress() {
        if (!ended) {
            progressTimer = threads.enders().after(PROGRESS_INTERVAL, this::tellProgress);
        }
    }

    /** Without the lock: a build log may be slow to take a line. */
    private void tellProgress() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        synchronized (this) {
            if (ended) {
                return;
            }
            lastTold = told;
        }
        try {
            observer.progress(progress.now());
        } finally {
            told.complete(null);
        }
        watchProgress();
    }

    /** Nothing is told of a transfer of which it was said that it has ended. */
    private synchronized CompletableFuture<Void> lastTold() {
        return lastTold;
    }

    /** @return completed when nothing is left to do, or after a while */
    private CompletableFuture<Void> end() {
        synchronized (this) {
            ended = true;
            if (progressTimer != null) {
                progressTimer.cancel(false);
            }
        }
        CompletableFuture<Void> tidy = carriage.close();
        if (!tidy.isDone()) {
            Future<?> timer = threads.enders().after(TIDY_LIMIT, () -> tidy.complete(null));
            tidy.whenComplete((none, failure) -> timer.cancel(false));
        }
        return tidy;
    }

    private RuntimeException outcome(Throwable failure) {
        if (timedOut.get() && stop.isCancelled()) {
            return new CompletionException(new CommandTimeout(
                    request.spec().endpoint(),
                    Stage.TRANSFER,
                    false,
                    request.limit().orElseThrow()));
        }
        if (stop.isCancelled()) {
            return new CancellationException();
        }
        return new CompletionException(failure instanceof IOException io ? typed(io) : failure);
    }

    /** Failures of the workspace come through the pipe, as the cause of what broke there. */
    private IOException typed(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof WorkspaceException workspace) {
                return new TransferFailed(
                        request.spec().endpoint(),
                        Side.WORKSPACE,
                        workspace.path(),
                        workspace.problem(),
                        workspace.detail(),
                        failure);
            }
            if (cause instanceof SessionLost lost && lost.stage() == Stage.CHANNEL) {
                return new SessionLost(lost.endpoint(), Stage.TRANSFER, lost.detail(), lost);
            }
            if (cause instanceof SshException) {
                return (SshException) cause;
            }
        }
        String path = request.direction() == TransferRequest.Direction.PUT ? request.from() : request.into();
        return new TransferFailed(
                request.spec().endpoint(),
                Side.WORKSPACE,
                path.isEmpty() ? "." : path,
                Problem.OTHER,
                String.valueOf(failure.getMessage()),
                failure);
    }

    private CompletableFuture<Void> next() {
        return pool.lease(request.spec(), request.holder(), new LeaseNews(observer), stop)
                .thenCompose(this::attemptOnCarrier)
                .thenCompose(again -> again == null ? CompletableFuture.completedFuture(null) : after(again));
    }

    /** Not by thenApplyAsync: where the system has no thread left, that fails without giving the lease back. */
    private CompletableFuture<Duration> attemptOnCarrier(SessionLease lease) {
        try {
            return CompletableFuture.supplyAsync(() -> attempt(lease), threads.carriers());
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    private CompletableFuture<Void> after(Duration wait) {
        CompletableFuture<Void> waited = new CompletableFuture<>();
        Future<?> timer = threads.enders().after(wait, () -> waited.complete(null));
        Cancellation.Registration registration =
                stop.onCancel(() -> waited.completeExceptionally(new CancellationException()));
        return waited.whenComplete((none, cancelled) -> {
                    registration.close();
                    timer.cancel(false);
                })
                .thenCompose(none -> next());
    }

    /** @return after what time there is to be another try; null where all is in place */
    private Duration attempt(SessionLease lease) {
        boolean reused = lease.reused();
        Lane lane = null;
        try {
            stop.throwIfCancelled();
            observer.starting(reused);
            lane = Lane.open(lease, request, stop, threads.enders());
            copy(lane);
            return null;
        } catch (ChannelRefused e) {
            lease.channelRefused();
            return afterRefusal(e, lease);
        } catch (SessionLost e) {
            lease.retire(RetireReason.FAILED);
            return afterLoss(e, reused);
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        } catch (RuntimeException | Error e) {
            // Cancelled while the channel was being opened, or a defect: nobody knows what state the session is in.
            lease.retire(RetireReason.FAILED);
            throw e;
        } finally {
            if (lane == null) {
                lease.close();
            } else {
                lane.close();
            }
        }
    }

    private Duration afterRefusal(ChannelRefused failure, SessionLease lease) {
        if (refusals < WAITS_AFTER_REFUSALS.size()) {
            return WAITS_AFTER_REFUSALS.get(refusals++);
        }
        lease.retire(RetireReason.FAILED);
        if (!lease.reused()) {
            throw new CompletionException(failure);
        }
        observer.retrying(failure);
        return Duration.ZERO;
    }

    /** What is in place stays there, and nothing else has changed, so another try does no harm. */
    private Duration afterLoss(SessionLost failure, boolean reused) {
        stop.throwIfCancelled();
        lostWithoutProgress = hasProgressed() ? 0 : lostWithoutProgress + (reused ? 0 : 1);
        if (lostWithoutProgress > MAX_LOST_WITHOUT_PROGRESS) {
            throw new CompletionException(failure);
        }
        observer.retrying(failure);
        return Duration.ZERO;
    }

    /** While no lane is at work. */
    private boolean hasProgressed() {
        TransferProgress now = progress.now();
        boolean progressed = now.filesDone() > filesBefore || now.bytesDone() > bytesBefore;
        filesBefore = Math.max(filesBefore, now.filesDone());
        bytesBefore = Math.max(bytesBefore, now.bytesDone());
        return progressed;
    }

    private void copy(Lane first) throws IOException, InterruptedException {
        carriage.prepare(first.files());
        if (hasProgressed()) { // what the last session had begun has been found
            lostWithoutProgress = 0;
        }
        Lanes lanes = new Lanes(pool, request, carriage, threads, stop);
        IOException failure = lanes.run(first);
        stop.throwIfCancelled();
        carriage.finish(failure == null || failure instanceof SessionLost);
        if (failure != null) {
            throw failure;
        }
    }

    /** What the pool has to say of a lease, to the transfer's observer. */
    private record LeaseNews(TransferObserver observer) implements SessionPool.WaitObserver {
        @Override
        public void waiting(int placeInLine) {
            observer.waiting(placeInLine);
        }

        @Override
        public void paused() {
            observer.paused();
        }

        @Override
        public void connectingAgain(SshException failure) {
            observer.connectingAgain(failure);
        }
    }
}
