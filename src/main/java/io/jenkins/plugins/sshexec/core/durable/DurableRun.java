package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.durable.Diagnosis.Finished;
import io.jenkins.plugins.sshexec.core.durable.Diagnosis.FollowAgain;
import io.jenkins.plugins.sshexec.core.durable.Diagnosis.GivenUp;
import io.jenkins.plugins.sshexec.core.durable.Diagnosis.Over;
import io.jenkins.plugins.sshexec.core.durable.Diagnosis.ToBeEnded;
import io.jenkins.plugins.sshexec.core.durable.Diagnosis.Verdict;
import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.DurableLost;
import io.jenkins.plugins.sshexec.core.error.DurableLost.Cause;
import io.jenkins.plugins.sshexec.core.error.DurableRefused;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.ExecThreads;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One durable command on its way: launched, followed, asked after, and at last cleared away. One script at a time runs for it
 * on the host, and whatever comes next is decided when that has ended, on a worker. Meanwhile the run may be stopped from any
 * thread; see {@link Stopping}.
 *
 * <p>docs/durable.md draws the states.
 */
final class DurableRun {

    private static final Logger LOGGER = Logger.getLogger(DurableRun.class.getName());

    /** For {@code follow.sh} to end by itself: it looks around once a second. */
    private static final Duration DETACHING = Duration.ofSeconds(5);

    /** For the last output of a command that was ended. */
    private static final Duration DRAINING = Duration.ofSeconds(15);

    private final DurableRequest request;
    private final HostScripts host;
    private final OutputSink output;
    private final DurableObserver observer;
    private final ExecThreads threads;
    private final NanoClock clock;
    private final DurableTimes times;
    private final Stopping stopping = new Stopping();
    private final Contact contact;
    private final Diagnosis diagnosis;
    private final long startNanos;
    private final CompletableFuture<ExecResult> result = new CompletableFuture<>();

    // The fields below belong to whoever goes on with the run: one thread after the other, by way of the futures.

    private volatile Offsets offsets;

    /** Whether a launch was sent of which it is not known what became. */
    private volatile boolean launchedPerhaps;

    private volatile boolean launched;

    DurableRun(
            DurableRequest request,
            HostScripts host,
            OutputSink output,
            DurableObserver observer,
            ExecThreads threads,
            NanoClock clock,
            DurableTimes times) {
        this.request = request;
        this.host = host;
        this.output = output;
        this.observer = observer;
        this.threads = threads;
        this.clock = clock;
        this.times = times;
        this.contact = new Contact(
                new Backoff(times.firstRetry(), times.lastRetry(), ThreadLocalRandom.current()), observer, clock);
        this.diagnosis = new Diagnosis(request.spec().endpoint(), contact, times, clock);
        this.offsets = request.from();
        this.startNanos = clock.nanoTime() - request.elapsed().toNanos();
    }

    CompletableFuture<ExecResult> start(Cancellation caller) {
        Cancellation.Registration registration =
                caller.onCancel(() -> stopping.because(new CancellationException("not wanted any more")));
        request.limits().total().ifPresent(limit -> {
            Duration left = limit.minus(request.elapsed());
            stopping.plan(
                    threads.enders().after(left.isNegative() ? Duration.ZERO : left, () -> timeout(false, limit)));
        });
        result.whenComplete((ended, failure) -> {
            registration.close();
            stopping.over();
        });
        if (request.command().isPresent()) {
            launch();
        } else {
            contact.toBeFound();
            running();
        }
        return result;
    }

    private void timeout(boolean idle, Duration limit) {
        Stage stage = launched || launchedPerhaps ? Stage.RUN : Stage.WAITING;
        stopping.because(new CommandTimeout(request.spec().endpoint(), stage, idle, limit));
    }

    private void launch() {
        Launch launch = new Launch(observer);
        if (!stopping.enter(launch::stop)) {
            endUnlessNeverLaunched();
            return;
        }
        then(host.launch(request.command().orElseThrow(), launch, launch.cancellation()), this::launchEnded);
    }

    private void launchEnded(ScriptAnswer answer, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause == null) {
            launchAnswered(answer);
        } else if (cause instanceof CancellationException) {
            endUnlessNeverLaunched();
        } else if (cause instanceof SshException ssh && !(cause instanceof PoolClosed)) {
            launchedPerhaps |= ssh.stage().commandMayHaveRun();
            if (launchedPerhaps) {
                retryLater(ssh, this::launch);
            } else {
                fail(ssh);
            }
        } else {
            fail(cause);
        }
    }

    private void endUnlessNeverLaunched() {
        if (launchedPerhaps) {
            end();
        } else {
            fail(stopping.reason().orElseGet(CancellationException::new));
        }
    }

    private void launchAnswered(ScriptAnswer answer) {
        String line = answer.lines().stream().findFirst().orElse("");
        if (line.equals("launched") || line.equals("exists")) {
            running();
        } else if (line.startsWith("refused")) {
            fail(new DurableRefused(
                    request.spec().endpoint(),
                    line.substring("refused".length()).strip()));
        } else {
            fail(new DurableRefused(request.spec().endpoint(), answer.stray()));
        }
    }

    private void running() {
        launched = true;
        observer.launched();
        request.limits().idle().ifPresent(limit -> new SilenceLimit(
                        limit, contact, stopping, threads.enders(), () -> timeout(true, limit))
                .watch(request.silent()));
        follow();
    }

    private void follow() {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> detach = new CompletableFuture<>();
        Runnable stop = () -> {
            detach.complete(null);
            stopping.plan(threads.enders().after(DETACHING, cancellation::cancel));
        };
        if (stopping.enter(stop)) {
            follow(detach, cancellation, this::followEnded);
        } else {
            end();
        }
    }

    private void follow(CompletableFuture<Void> detach, Cancellation cancellation, Consumer<Throwable> then) {
        FollowedOutput followed = new FollowedOutput(request.id(), offsets, contact.listening(output), contact::found);
        then(host.follow(offsets, detach, followed, cancellation), (ended, failure) -> {
            boolean progress = !followed.offsets().equals(offsets);
            offsets = followed.offsets();
            if (progress) {
                diagnosis.progressed();
            }
            then.accept(unwrapped(failure));
        });
    }

    private void followEnded(Throwable failure) {
        if (failure instanceof PoolClosed) {
            fail(failure);
        } else if (failure instanceof OutputRefused) {
            stopping.because(failure);
            end();
        } else if (stopping.reason().isPresent()) {
            end();
        } else if (failure instanceof SshException lost) {
            retryLater(lost, this::follow);
        } else if (failure != null) {
            fail(failure);
        } else {
            askStatus();
        }
    }

    private void askStatus() {
        if (!stopping.enter(() -> {})) {
            end();
            return;
        }
        then(host.status(times.answer()), this::statusCame);
    }

    private void statusCame(ScriptAnswer answer, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof PoolClosed) {
            fail(cause);
        } else if (stopping.reason().isPresent()) {
            end();
        } else if (cause instanceof SshException lost) {
            retryLater(lost, this::follow);
        } else if (cause != null) {
            fail(cause);
        } else {
            judge(CommandState.of(answer)
                    .map(state -> diagnosis.of(state, offsets))
                    .orElseGet(() -> diagnosis.fruitless(answer.stray())));
        }
    }

    private void judge(Verdict verdict) {
        if (verdict instanceof Finished finished) {
            finished(finished);
        } else if (verdict instanceof FollowAgain again && again.delay().isZero()) {
            follow();
        } else if (verdict instanceof FollowAgain again) {
            after(again.delay(), this::follow);
        } else if (verdict instanceof ToBeEnded unwanted) {
            stopping.because(unwanted.reason());
            end();
        } else if (verdict instanceof Over over) {
            failAndRemove(over.failure());
        } else if (verdict instanceof GivenUp givenUp) {
            fail(givenUp.failure());
        }
    }

    private void finished(Finished finished) {
        RemoteExit exit = finished.exit();
        if (finished.diskFull()) {
            observer.diskWasFull();
        }
        Duration duration = Duration.ofNanos(clock.nanoTime() - startNanos);
        observer.ended(exit);
        remove(() -> result.complete(new ExecResult(exit, duration, true)));
    }

    /** The connection was lost, or could not be made. */
    private void retryLater(SshException failure, Runnable next) {
        if (failure instanceof LoginRefused || failure instanceof HostKeyRefused || failure instanceof UnusableKey) {
            fail(lost(Cause.NOT_FOLLOWED, failure));
            return;
        }
        if (contact.lost(failure).compareTo(times.unreachable()) > 0) {
            fail(lost(Cause.UNREACHABLE, failure));
            return;
        }
        after(contact.nextWait(), next);
    }

    /** Goes on after a wait, or with the end, whichever comes first. */
    private void after(Duration delay, Runnable next) {
        CompletableFuture<Void> due = new CompletableFuture<>();
        then(due, (none, failure) -> (stopping.reason().isPresent() ? (Runnable) this::end : next).run());
        stopping.plan(threads.enders().after(delay, () -> due.complete(null)));
        if (!stopping.enter(() -> due.complete(null))) {
            due.complete(null);
        }
    }

    /** Nobody wants the command any more, for the reason that {@link #stopping} has. */
    private void end() {
        then(new DurableEnding(host, contact, observer, times, threads, clock).start(), (none, failure) -> {
            if (failure == null) {
                drain();
            } else {
                fail(failure instanceof PoolClosed ? failure : stopping.reason().orElse(failure));
            }
        });
    }

    /** What the command wrote before its end belongs into the log. */
    private void drain() {
        Throwable reason = stopping.reason().orElseThrow();
        if (reason instanceof OutputRefused) {
            failAndRemove(reason);
            return;
        }
        Cancellation cancellation = new Cancellation();
        stopping.plan(threads.enders().after(DRAINING, cancellation::cancel));
        follow(new CompletableFuture<>(), cancellation, failure -> failAndRemove(reason));
    }

    private void failAndRemove(Throwable failure) {
        remove(() -> fail(failure));
    }

    private void remove(Runnable then) {
        then(host.remove(times.answer()), (answer, failure) -> {
            if (failure != null) {
                // Left to the sweep, in a week.
                LOGGER.log(Level.FINE, failure, () -> "Not removed: " + request);
            }
            then.run();
        });
    }

    /** Goes on with the run, on a worker, when something has ended. A failure of that fails the run: else it would never end. */
    private <T> void then(CompletableFuture<T> under, BiConsumer<T, Throwable> next) {
        under.handleAsync(
                        (value, failure) -> {
                            next.accept(value, failure);
                            return null;
                        },
                        threads.workers())
                .exceptionally(unforeseen -> {
                    fail(unwrapped(unforeseen));
                    return null;
                });
    }

    private void fail(Throwable failure) {
        result.completeExceptionally(failure);
    }

    private DurableLost lost(Cause cause, SshException by) {
        return new DurableLost(request.spec().endpoint(), cause, "", by);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }
}
