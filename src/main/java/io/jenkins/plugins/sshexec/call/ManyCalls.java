package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * One command on many hosts for one build: each host's lines with its name before them, a table when all have ended. Holds no
 * thread while the commands run; the thread that learns of one's end starts the next. Each takes its own session from the pool,
 * and waits in line like any other.
 */
public final class ManyCalls {

    /**
     * What is wanted.
     *
     * @param calls by host as the user calls it, in the order of the log's table; not empty
     * @param maxParallel so many at once; 0 for all
     * @param failFast whether the first failure calls off the others
     * @param anyStatus whether no exit status is a failure
     */
    public record Wanted(Map<String, ExecCall> calls, int maxParallel, boolean failFast, boolean anyStatus) {
        public Wanted {
            calls = new LinkedHashMap<>(calls);
        }
    }

    private static final Logger LOGGER = Logger.getLogger(ManyCalls.class.getName());

    private final Wanted wanted;
    private final Run<?, ?> run;
    private final PrintStream log;
    private final Cancellation buildStops;
    private final Authentication authentication = Jenkins.getAuthentication2();

    /** Ends all commands: for the build, or because of a failure. */
    private final Cancellation all = new Cancellation();

    private final CompletableFuture<List<CallResult>> ended = new CompletableFuture<>();

    /** Hosts whose command was not started yet. Guarded by this. */
    private final Deque<String> waiting;

    /** Guarded by this. */
    private int running;

    /** By host; null where the command has not ended. In the order of the request. Guarded by this. */
    private final Map<String, HostOutcome> outcomes = new LinkedHashMap<>();

    /** The host whose failure calls off the others; null while there is none. Guarded by this. */
    @CheckForNull
    private String culprit;

    /** Whether {@link #finish} has been called. Guarded by this. */
    private boolean finished;

    /** Jenkins ends all commands. Null while it does not. Guarded by this. */
    @CheckForNull
    private ControllerStopping stopping;

    private ManyCalls(Wanted wanted, Run<?, ?> run, TaskListener listener, Cancellation buildStops) {
        this.wanted = wanted;
        this.run = run;
        this.log = listener.getLogger();
        this.buildStops = buildStops;
        this.waiting = new ArrayDeque<>(wanted.calls().keySet());
        wanted.calls().keySet().forEach(host -> outcomes.put(host, null));
    }

    /**
     * The most commands at once, checked.
     *
     * @param typed 0 for all
     */
    public static int maxParallel(int typed) throws AbortException {
        if (typed < 0) {
            throw new AbortException(Messages.ManyCalls_maxParallel(typed));
        }
        return typed;
    }

    /**
     * Runs them for a build, with the authentication of the calling thread. Returns at once.
     *
     * @param cancellation the build no longer wants the commands
     * @return when all have ended: their results, in the order of the request; or exceptionally a {@link ManyHostsFailure}, a
     *     {@link ControllerStopping}, or a {@link CancellationException}
     */
    public static CompletableFuture<List<CallResult>> exec(
            Wanted wanted, Run<?, ?> run, TaskListener listener, Cancellation cancellation) {
        ManyCalls calls = new ManyCalls(wanted, run, listener, cancellation);
        Cancellation.Registration registration = cancellation.onCancel(calls.all::cancel);
        calls.ended.whenComplete((results, failure) -> registration.close());
        calls.startMore();
        return calls.ended;
    }

    private void startMore() {
        List<String> next = new ArrayList<>();
        boolean done;
        synchronized (this) {
            if (culprit != null || stopping != null || all.isCancelled()) {
                String why = notStarted(culprit);
                waiting.forEach(host -> outcomes.put(host, HostOutcome.calledOff(host, why)));
                waiting.clear();
            }
            while (!waiting.isEmpty() && (wanted.maxParallel() == 0 || running < wanted.maxParallel())) {
                next.add(waiting.remove());
                running++;
            }
            done = running == 0 && !finished;
            finished |= done;
        }
        next.forEach(this::start);
        if (done) {
            finish();
        }
    }

    private void start(String host) {
        CompletableFuture<CallResult> call;
        try (ACLContext ignored = ACL.as2(authentication)) {
            PrintStream lines = PrefixedLines.of(log, "[" + host + "] ", run.getCharset());
            call = RemoteCalls.exec(wanted.calls().get(host), run, () -> lines, all)
                    .whenComplete((result, failure) -> lines.close());
        } catch (RejectedExecutionException e) {
            call = CompletableFuture.failedFuture(new ControllerStopping(e.getMessage())); // The threads have ended.
        } catch (RuntimeException | Error e) {
            call = CompletableFuture.failedFuture(e); // Errors too: else the step would wait for this host for ever.
        }
        call.whenComplete((result, failure) -> ended(host, result, failure));
    }

    private void ended(String host, CallResult result, @CheckForNull Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        boolean callOff;
        synchronized (this) {
            HostOutcome outcome =
                    cause == null ? HostOutcome.of(result, host, wanted.anyStatus()) : failed(host, cause, culprit);
            outcomes.put(host, outcome);
            running--;
            if (cause instanceof ControllerStopping stop) {
                stopping = stop;
            }
            callOff = outcome.isFailure() && wanted.failFast() && culprit == null;
            if (callOff) {
                culprit = host;
            }
        }
        if (callOff) {
            all.cancel();
        }
        startMore();
    }

    private static HostOutcome failed(String host, Throwable cause, @CheckForNull String culprit) {
        if (cause instanceof CancellationException) {
            return HostOutcome.calledOff(
                    host, culprit == null ? Messages.ManyCalls_stopped() : Messages.ManyCalls_calledOff(culprit));
        }
        if (!(cause instanceof AbortException)) {
            LOGGER.log(Level.WARNING, cause, () -> "A command on " + host + " failed");
        }
        return HostOutcome.failed(host, String.valueOf(cause.getMessage()), cause instanceof ConnectionFailure);
    }

    private static String notStarted(@CheckForNull String culprit) {
        return culprit == null ? Messages.ManyCalls_notStarted() : Messages.ManyCalls_notStartedAfter(culprit);
    }

    private void finish() {
        try {
            tellResults();
        } catch (RuntimeException | Error e) { // Errors too: nobody else completes it.
            ended.completeExceptionally(e);
        }
    }

    private void tellResults() {
        Collection<HostOutcome> told;
        ControllerStopping stop;
        synchronized (this) {
            told = List.copyOf(outcomes.values());
            stop = stopping;
        }
        if (stop != null) {
            ended.completeExceptionally(stop);
            return;
        }
        OutcomeTable.print(told, log);
        if (told.stream().anyMatch(HostOutcome::isFailure)) {
            ended.completeExceptionally(ManyHostsFailure.of(told));
        } else if (buildStops.isCancelled()) {
            ended.completeExceptionally(new CancellationException());
        } else {
            ended.complete(told.stream().map(HostOutcome::result).toList());
        }
    }
}
