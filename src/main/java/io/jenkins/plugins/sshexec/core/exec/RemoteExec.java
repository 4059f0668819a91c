package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.SshException.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.SshException.SessionLost;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.pool.SessionPool;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Runs commands over a pool: leases a session, sends the exec request at most once, waits without a thread, gives the
 * lease back. Thread-safe; one object serves all builds.
 */
public final class RemoteExec {

    /**
     * How long to wait after each refused channel before the command is tried again. OpenSSH counts a channel until a moment
     * after it was closed, so with MaxSessions at its limit the next one is refused if it comes at once; besides, the pool
     * has learnt a lower limit for the host. After the last of these waits it has to be a fresh session.
     */
    private static final List<Duration> WAITS_AFTER_REFUSALS = List.of(Duration.ofMillis(20), Duration.ofMillis(200));

    private final SessionPool pool;
    private final TimedExecutor threads;
    private final NanoClock clock;

    /**
     * @param threads run the steps that end a cancelled command, and what comes after a wait. A step may block for as long
     *     as the start of the command could, and the next one must not wait for it: there should be no limit to the threads.
     */
    public RemoteExec(SessionPool pool, TimedExecutor threads, NanoClock clock) {
        this.pool = pool;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * Runs the command.
     *
     * <p>Until the exec request has been sent, a session that turns out to be dead is replaced and the command tried again;
     * from then on nothing is (RFC 4254 knows no way to ask whether a request arrived).
     *
     * @param output gets the command's bytes; all of them before the future completes
     * @param cancellation before the command is sent: gives up at once; afterwards: ends the command as {@link
     *     CommandEnding} says. The future then completes with a {@link CancellationException}.
     * @return how the command ended; or exceptionally an {@link SshException}
     */
    public CompletableFuture<ExecResult> run(
            ExecRequest request, OutputSink output, ExecObserver observer, Cancellation cancellation) {
        return new Attempts(request, output, observer, cancellation).next(0);
    }

    /** One command on its way through as many sessions as it takes. */
    private final class Attempts {

        private final ExecRequest request;
        private final OutputSink output;
        private final ExecObserver observer;
        private final Cancellation cancellation;

        Attempts(ExecRequest request, OutputSink output, ExecObserver observer, Cancellation cancellation) {
            this.request = request;
            this.output = output;
            this.observer = observer;
            this.cancellation = cancellation;
        }

        CompletableFuture<ExecResult> next(int refusals) {
            return pool.lease(request.spec(), observer::waiting, cancellation)
                    .thenCompose(lease -> start(lease, refusals));
        }

        private CompletableFuture<ExecResult> start(SessionLease lease, int refusals) {
            boolean reused = lease.reused();
            boolean handedOver = false;
            try {
                observer.starting(reused);
                long startNanos = clock.nanoTime();
                RemoteProcess process =
                        lease.session().start(request.command(), output, request.startTimeout(), cancellation);
                handedOver = true;
                return follow(lease, process, startNanos);
            } catch (ChannelRefused e) {
                lease.channelRefused();
                return refused(e, lease, refusals);
            } catch (SessionLost e) {
                lease.retire(RetireReason.FAILED);
                // Each retry uses up a session that was opened before, so there is an end to it.
                return reused && !e.stage().commandMayHaveRun() ? retry(e, lease, refusals) : failed(e);
            } catch (SshException e) {
                lease.retire(RetireReason.FAILED);
                return failed(e);
            } catch (RuntimeException | Error e) {
                // Cancelled while the channel was being opened, or a defect: nobody knows what state the session is in.
                lease.retire(RetireReason.FAILED);
                throw e;
            } finally {
                if (!handedOver) {
                    lease.close();
                }
            }
        }

        private CompletableFuture<ExecResult> refused(ChannelRefused failure, SessionLease lease, int refusals) {
            if (refusals < WAITS_AFTER_REFUSALS.size()) {
                lease.close();
                CompletableFuture<Void> waited = new CompletableFuture<>();
                threads.after(WAITS_AFTER_REFUSALS.get(refusals), () -> waited.complete(null));
                return waited.thenCompose(ignored -> next(refusals + 1));
            }
            lease.retire(RetireReason.FAILED);
            return lease.reused() ? retry(failure, lease, refusals + 1) : failed(failure);
        }

        private CompletableFuture<ExecResult> retry(SshException failure, SessionLease lease, int refusals) {
            lease.close();
            observer.retrying(failure);
            return next(refusals);
        }

        private CompletableFuture<ExecResult> follow(SessionLease lease, RemoteProcess process, long startNanos) {
            CommandEnding ending = new CommandEnding(process, threads, observer);
            Cancellation.Registration registration = cancellation.onCancel(ending::begin);
            return process.exit().handle((exit, failure) -> {
                registration.close();
                ending.finish();
                Duration duration = Duration.ofNanos(clock.nanoTime() - startNanos);
                if (failure != null) {
                    lease.retire(RetireReason.FAILED);
                }
                boolean reused = lease.reused();
                lease.close();
                return outcome(exit, failure, duration, reused);
            });
        }

        private ExecResult outcome(RemoteExit exit, Throwable failure, Duration duration, boolean reused) {
            if (cancellation.isCancelled()) {
                throw new CancellationException();
            }
            if (failure != null) {
                throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
            }
            return new ExecResult(exit, duration, reused);
        }
    }

    private static CompletableFuture<ExecResult> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
