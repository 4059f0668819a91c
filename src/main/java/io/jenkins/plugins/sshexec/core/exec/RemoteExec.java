package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.InputUnreadable;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.pool.SessionPool;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

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

    /**
     * How long to wait after each new session that was lost before the command was sent, as happens where the server is
     * being restarted; the next one that is lost is the last. Of those that were opened before, any number may turn out to
     * be dead, and each is replaced at once.
     */
    private static final List<Duration> WAITS_AFTER_LOST_SESSIONS =
            List.of(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(4));

    private final SessionPool pool;
    private final ExecThreads threads;
    private final NanoClock clock;

    /** Marks are unique among all controllers; a number is enough to tell the commands of this one apart. */
    private final String marks = UUID.randomUUID() + "-";

    private final AtomicLong marked = new AtomicLong();

    public RemoteExec(SessionPool pool, ExecThreads threads, NanoClock clock) {
        this.pool = pool;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * Runs the command. Where a session was used just now, the calling thread sends the request, and waits a round trip or
     * two for the answer; else one of the pool's does.
     *
     * <p>Until the exec request has been sent, a session that turns out to be dead is replaced and the command tried again;
     * from then on nothing is (RFC 4254 knows no way to ask whether a request arrived).
     *
     * @param output gets the command's bytes, one call at a time, on a thread that may be held up; all of them before the
     *     future completes. An {@code IOException} ends the command.
     * @param cancellation before the command is sent: gives up at once; afterwards: ends the command as {@link
     *     CommandEnding} says. The future then completes with a {@link CancellationException}.
     * @return how the command ended; or exceptionally an {@link SshException}
     */
    public CompletableFuture<ExecResult> run(
            ExecRequest request, OutputSink output, ExecObserver observer, Cancellation cancellation) {
        // A copy: a caller that completes it would keep from running what gives the lease back.
        return new Attempts(request, output, observer).run(cancellation).copy();
    }

    /**
     * Finds out whether a command could be run: leases a session as for one, under the same rules, and opens a channel for
     * nothing. Nothing is tried a second time.
     *
     * @return what the session is; or exceptionally an {@link SshException}, whose stage says how far it came
     */
    public CompletableFuture<SessionFacts> test(
            SessionSpec spec, LeaseHolder holder, Duration channelTimeout, Cancellation cancellation) {
        return pool.lease(spec, holder, place -> {}, cancellation).thenApply(lease -> {
            try (lease) {
                return tried(lease, channelTimeout);
            } catch (SshException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static SessionFacts tried(SessionLease lease, Duration channelTimeout) throws SshException {
        try {
            lease.session().tryChannel(channelTimeout);
            return lease.session().facts();
        } catch (ChannelRefused e) {
            lease.channelRefused();
            throw e;
        } catch (SshException | RuntimeException e) {
            lease.retire(RetireReason.FAILED);
            throw e;
        }
    }

    /** One command on its way through as many sessions as it takes. */
    private final class Attempts {

        private final ExecRequest request;
        private final MarkedCommand command;
        private final OutputSink output;
        private final ExecObserver observer;
        private final Stop stop = new Stop();

        /** Whether the exec request has left; written by the thread that sends it. */
        private volatile boolean sent;

        /** Before the command was sent. Only the thread that carries the command on uses it. */
        private int newSessionsLost;

        /** Of the latest attempt; written by the thread that sends it. */
        private volatile OutputBuffer buffer;

        /** Why the command's input is not all there; written before the stop for that reason. */
        private volatile IOException unreadable;

        Attempts(ExecRequest request, OutputSink output, ExecObserver observer) {
            this.request = request;
            this.command = MarkedCommand.of(request, marks + marked.incrementAndGet());
            this.output = output;
            this.observer = observer;
        }

        CompletableFuture<ExecResult> run(Cancellation caller) {
            Cancellation.Registration registration = caller.onCancel(() -> stop.because(Stop.Reason.CANCELLED));
            Optional<Future<?>> timer = request.limits().total().map(limit -> threads.enders()
                    .after(limit, () -> stop.because(Stop.Reason.TOTAL)));
            return next(0).handle((result, failure) -> {
                registration.close();
                timer.ifPresent(due -> due.cancel(false));
                if (failure == null) {
                    return result;
                }
                throw outcome(unwrapped(failure));
            });
        }

        private RuntimeException outcome(Throwable failure) {
            if (!(failure instanceof CancellationException cancelled)) {
                return new CompletionException(failure);
            }
            return stop.reason()
                    .flatMap(this::failure)
                    .<RuntimeException>map(CompletionException::new)
                    .orElse(cancelled);
        }

        private Optional<SshException> failure(Stop.Reason reason) {
            return switch (reason) {
                case CANCELLED, OUTPUT -> Optional.empty();
                case INPUT -> Optional.of(new InputUnreadable(request.spec().endpoint(), unreadable));
                case TOTAL -> limit(false, request.limits().total());
                case IDLE -> limit(true, request.limits().idle());
            };
        }

        private Optional<SshException> limit(boolean idle, Optional<Duration> limit) {
            Stage stage = sent ? Stage.RUN : Stage.WAITING;
            return limit.map(exceeded -> new CommandTimeout(request.spec().endpoint(), stage, idle, exceeded));
        }

        private CompletableFuture<ExecResult> next(int refusals) {
            return pool.lease(request.spec(), request.holder(), new LeaseNews(observer), stop.cancellation())
                    .thenCompose(lease -> start(lease, refusals));
        }

        private CompletableFuture<ExecResult> after(Duration wait, int refusals) {
            CompletableFuture<Void> waited = new CompletableFuture<>();
            Future<?> timer = threads.enders().after(wait, () -> waited.complete(null));
            Cancellation.Registration registration =
                    stop.cancellation().onCancel(() -> waited.completeExceptionally(new CancellationException()));
            return waited.whenComplete((none, cancelled) -> {
                        registration.close();
                        timer.cancel(false);
                    })
                    .thenCompose(none -> next(refusals));
        }

        private CompletableFuture<ExecResult> start(SessionLease lease, int refusals) {
            boolean reused = lease.reused();
            boolean handedOver = false;
            try {
                observer.starting(reused);
                CompletableFuture<ExecResult> result = send(lease);
                handedOver = true;
                return result;
            } catch (ChannelRefused e) {
                lease.channelRefused();
                return refused(e, lease, refusals);
            } catch (SessionLost e) {
                lease.retire(RetireReason.FAILED);
                return lost(e, lease, refusals);
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

        private CompletableFuture<ExecResult> lost(SessionLost failure, SessionLease lease, int refusals) {
            if (!failure.stage().commandMayHaveRun()) {
                return lostUnsent(failure, lease, refusals);
            }
            sent = true;
            if (stop.reason().isEmpty()) {
                return written(failure);
            }
            observer.mayStillRun();
            return written(new CancellationException());
        }

        /** Fails when the sink has got what came, since the caller closes it then. */
        private CompletableFuture<ExecResult> written(Throwable outcome) {
            return buffer.complete().thenCompose(none -> failed(outcome));
        }

        private CompletableFuture<ExecResult> send(SessionLease lease) throws SshException {
            buffer = new OutputBuffer(
                    output, threads.writers(), congestionOf(lease), clock, () -> stop.because(Stop.Reason.OUTPUT));
            long startNanos = clock.nanoTime();
            RemoteProcess process = request(lease);
            sent = true;
            request.input().ifPresent(input -> feed(process, input));
            CommandEnding ending =
                    new CommandEnding(process, lease, command, threads.enders(), observer, buffer::discard);
            return new RunningCommand(request, lease, process, buffer, ending, stop, threads, clock, startNanos)
                    .follow();
        }

        private RemoteProcess request(SessionLease lease) throws SshException {
            stop.cancellation().throwIfCancelled();
            // Breaking off a start may block for a moment, and whoever cancels must not.
            Cancellation starting = new Cancellation();
            Cancellation.Registration registration =
                    stop.cancellation().onCancel(() -> threads.enders().execute(starting::cancel));
            try {
                return lease.session().start(command.command(), buffer, request.startTimeout(), starting);
            } finally {
                registration.close();
            }
        }

        /** On threads of their own, because writing blocks while the command takes no more. */
        private void feed(RemoteProcess process, CommandInput input) {
            new InputFeed(process, input, threads.enders(), failure -> {
                        unreadable = failure;
                        stop.because(Stop.Reason.INPUT);
                    })
                    .begin();
        }

        private static OutputBuffer.Congestion congestionOf(SessionLease lease) {
            return new OutputBuffer.Congestion() {
                @Override
                public void began() {
                    lease.keepToItself();
                }

                @Override
                public void ended() {
                    lease.shareAgain();
                }
            };
        }

        /** Each retry uses up a session that was opened before, or one of few new ones: so there is an end to it. */
        private CompletableFuture<ExecResult> lostUnsent(SessionLost failure, SessionLease lease, int refusals) {
            if (lease.reused()) {
                return retry(failure, lease, refusals);
            }
            if (newSessionsLost == WAITS_AFTER_LOST_SESSIONS.size()) {
                return failed(failure);
            }
            lease.close();
            observer.retrying(failure);
            return after(WAITS_AFTER_LOST_SESSIONS.get(newSessionsLost++), refusals);
        }

        private CompletableFuture<ExecResult> refused(ChannelRefused failure, SessionLease lease, int refusals) {
            if (refusals < WAITS_AFTER_REFUSALS.size()) {
                lease.close();
                return after(WAITS_AFTER_REFUSALS.get(refusals), refusals + 1);
            }
            lease.retire(RetireReason.FAILED);
            return lease.reused() ? retry(failure, lease, refusals + 1) : failed(failure);
        }

        private CompletableFuture<ExecResult> retry(SshException failure, SessionLease lease, int refusals) {
            lease.close();
            observer.retrying(failure);
            return next(refusals);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private static CompletableFuture<ExecResult> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }

    /** What the pool has to say of a lease, to the command's observer. */
    private record LeaseNews(ExecObserver observer) implements SessionPool.WaitObserver {
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
