package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.durable.SweptPlaces.Place;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.ExecThreads;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs durable commands: started once, followed whatever becomes of the connection, ended and cleared away. Thread-safe; one
 * object serves all builds. A command that runs holds one channel and no thread.
 */
public final class DurableExec {

    private static final Logger LOGGER = Logger.getLogger(DurableExec.class.getName());

    private final RemoteExec exec;
    private final ExecThreads threads;
    private final NanoClock clock;
    private final DurableTimes times;
    private final String shell;
    private final SweptPlaces places;

    public DurableExec(RemoteExec exec, ExecThreads threads, NanoClock clock) {
        this(exec, threads, clock, DurableTimes.DEFAULT, "/bin/sh");
    }

    /** @param shell that reads the scripts, as in {@link ControlScripts} */
    DurableExec(RemoteExec exec, ExecThreads threads, NanoClock clock, DurableTimes times, String shell) {
        this.exec = exec;
        this.threads = threads;
        this.clock = clock;
        this.times = times;
        this.shell = shell;
        this.places = new SweptPlaces(clock);
    }

    /**
     * Starts the command, or finds it again, and follows it to its end.
     *
     * @param output gets every byte once, each stream in its order, one call at a time, on a thread that may be held up. An
     *     {@code IOException} ends the command.
     * @param cancellation ends the command; the future then completes with a {@link
     *     java.util.concurrent.CancellationException}
     * @return how the command ended; or exceptionally an {@link io.jenkins.plugins.sshexec.core.error.SshException}. After one
     *     that says that the pool is closed, the command goes on; after all others it has ended, or was tried to be, or
     *     cannot be reached.
     */
    public CompletableFuture<ExecResult> run(
            DurableRequest request, OutputSink output, DurableObserver observer, Cancellation cancellation) {
        Place place = new Place(request.spec().key(), request.directory());
        return new DurableRun(request, host(request), output, observer, threads, clock, times)
                .start(cancellation)
                .whenComplete((result, failure) -> {
                    if (failure == null) {
                        places.ended(place, request.command().isPresent());
                    }
                });
    }

    /**
     * Removes what lost builds have left in the directories where this login has run durable commands since Jenkins started,
     * once a day. For a caller who has just run a command with it, so that a session is open; nothing is sent where
     * nothing is due. What cannot be done now is done the next day.
     *
     * @param spec whose login must not be wiped before this is done
     * @return never completes exceptionally
     */
    public CompletableFuture<Void> sweep(SessionSpec spec, LeaseHolder holder, Duration startTimeout) {
        return CompletableFuture.allOf(places.due(spec.key()).stream()
                .map(place -> sweep(spec, holder, startTimeout, place.directory()))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<?> sweep(
            SessionSpec spec, LeaseHolder holder, Duration startTimeout, Optional<String> directory) {
        DurableRequest request = new DurableRequest(
                spec,
                holder,
                UUID.randomUUID(), // of no command
                directory,
                Optional.empty(),
                startTimeout,
                ExecLimits.NONE,
                Offsets.NONE,
                Duration.ZERO,
                Duration.ZERO);
        return host(request).sweep(times.answer()).exceptionally(failure -> {
            LOGGER.log(Level.FINE, failure, () -> "Not swept: " + spec);
            return null;
        });
    }

    private HostScripts host(DurableRequest request) {
        ControlScripts scripts =
                new ControlScripts(request.id(), request.directory().orElse(""), shell);
        return new HostScripts(exec, request, scripts);
    }
}
