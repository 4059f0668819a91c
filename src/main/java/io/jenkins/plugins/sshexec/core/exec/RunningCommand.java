package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

/**
 * A command that has been sent, until nothing of it is left: it has ended or was given up, its lease is closed, its output
 * is where it belongs.
 */
final class RunningCommand {

    private final ExecRequest request;
    private final SessionLease lease;
    private final RemoteProcess process;
    private final OutputBuffer output;
    private final CommandEnding ending;
    private final Stop stop;
    private final ExecThreads threads;
    private final NanoClock clock;
    private final long startNanos;

    /** The next look for silence. Guarded by this. */
    private Future<?> silenceTimer;

    /** Guarded by this. */
    private boolean ended;

    RunningCommand(
            ExecRequest request,
            SessionLease lease,
            RemoteProcess process,
            OutputBuffer output,
            CommandEnding ending,
            Stop stop,
            ExecThreads threads,
            NanoClock clock,
            long startNanos) {
        this.request = request;
        this.lease = lease;
        this.process = process;
        this.output = output;
        this.ending = ending;
        this.stop = stop;
        this.threads = threads;
        this.clock = clock;
        this.startNanos = startNanos;
    }

    /** Completes on a worker, or on the thread that wrote the last output. */
    CompletableFuture<ExecResult> follow() {
        Cancellation.Registration registration = stop.cancellation().onCancel(this::beginEnding);
        request.limits().idle().ifPresent(limit -> watchSilence(limit, limit));
        return process.exit()
                .handleAsync(
                        (exit, failure) -> {
                            registration.close();
                            Duration duration = Duration.ofNanos(clock.nanoTime() - startNanos);
                            return ending.commandEnded(failure == null)
                                    .thenCompose(none -> end(exit, failure, duration));
                        },
                        threads.workers())
                .thenCompose(result -> result);
    }

    private void beginEnding() {
        output.holdNoMore();
        ending.begin();
    }

    private CompletableFuture<ExecResult> end(RemoteExit exit, Throwable failure, Duration duration) {
        synchronized (this) {
            ended = true;
            if (silenceTimer != null) {
                silenceTimer.cancel(false);
            }
        }
        if (failure != null) {
            lease.retire(RetireReason.FAILED);
        }
        boolean reused = lease.reused();
        // Before the output is written to its end: a log that stalls keeps no session from others.
        lease.close();
        return output.complete().thenApply(none -> outcome(exit, failure, duration, reused));
    }

    private ExecResult outcome(RemoteExit exit, Throwable failure, Duration duration, boolean reused) {
        if (stop.reason().filter(reason -> reason != Stop.Reason.OUTPUT).isPresent()) {
            throw new CancellationException();
        }
        Optional<OutputRefused> refused =
                output.refusal().map(cause -> new OutputRefused(request.spec().endpoint(), cause));
        if (refused.isPresent()) {
            throw new CompletionException(refused.get());
        }
        if (failure != null) {
            throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
        }
        return new ExecResult(exit, duration, reused);
    }

    /** Looks once the limit could be reached, rather than with each byte of output. */
    private void watchSilence(Duration limit, Duration delay) {
        Future<?> timer = threads.enders().after(delay, () -> {
            Duration left = limit.minusNanos(clock.nanoTime() - output.lastNanos());
            if (left.isNegative() || left.isZero()) {
                stop.because(Stop.Reason.IDLE);
            } else {
                watchSilence(limit, left);
            }
        });
        synchronized (this) {
            if (!ended) {
                silenceTimer = timer;
                return;
            }
        }
        timer.cancel(false);
    }
}
