package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.pool.PoolSettings;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.pool.SessionPool;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** Gives, one after the other, the leases that a test has prepared, and no lease while another one is out. */
final class FakePool implements SessionPool {

    private final Deque<CompletableFuture<SessionLease>> prepared = new ArrayDeque<>();
    private FakeLease out;
    private int placeInLine;
    private boolean paused;
    private SshException turnedAway;
    private int asked;
    private final List<LeaseHolder> holders = new ArrayList<>();

    /** Prepares a lease on a session that answers exec requests so. */
    FakeLease willLend(boolean reused, FakeLease.Answer answer) {
        FakeLease lease = new FakeLease(reused, answer);
        prepared.add(CompletableFuture.completedFuture(lease));
        return lease;
    }

    /** Prepares what only comes when the test completes it, or the caller cancels. */
    CompletableFuture<SessionLease> willWait() {
        CompletableFuture<SessionLease> later = new CompletableFuture<>();
        prepared.add(later);
        return later;
    }

    /** From now on callers are told that they stand in line. */
    void queueAt(int place) {
        placeInLine = place;
    }

    /** From now on callers are told that the host is paused. */
    void pause() {
        paused = true;
    }

    /** On whose behalf each lease was asked for. */
    List<LeaseHolder> holders() {
        return holders;
    }

    FakeLease lastLease() {
        return out;
    }

    /** From now on callers are told that the host turned their connect away. */
    void turnsAway(SshException failure) {
        turnedAway = failure;
    }

    int asked() {
        return asked;
    }

    @Override
    public CompletableFuture<SessionLease> lease(
            SessionSpec spec, LeaseHolder holder, WaitObserver observer, Cancellation cancellation) {
        asked++;
        holders.add(holder);
        if (out != null && !out.isClosed()) {
            throw new AssertionError("A lease is asked for while another one is out");
        }
        if (placeInLine > 0) {
            observer.waiting(placeInLine);
        }
        if (paused) {
            observer.paused();
        }
        if (turnedAway != null) {
            observer.connectingAgain(turnedAway);
        }
        if (cancellation.isCancelled()) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        CompletableFuture<SessionLease> next = prepared.remove();
        next.thenAccept(lease -> out = (FakeLease) lease);
        cancellation.onCancel(() -> next.completeExceptionally(new CancellationException()));
        return next;
    }

    @Override
    public void apply(PoolSettings settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void evictExpired() {
        throw new UnsupportedOperationException();
    }

    @Override
    public PoolSnapshot snapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
