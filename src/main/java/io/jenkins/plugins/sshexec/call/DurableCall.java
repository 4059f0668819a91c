package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.core.durable.DurableObserver;
import io.jenkins.plugins.sshexec.core.durable.DurableRequest;
import io.jenkins.plugins.sshexec.core.durable.Offsets;
import io.jenkins.plugins.sshexec.core.error.DurableLost;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One durable command of a build: what the core does with it, written down for the time after a restart. */
final class DurableCall {

    private static final Logger LOGGER = Logger.getLogger(DurableCall.class.getName());

    private final ExecCall call;
    private final Durable durable;
    private final SshPoolService service;
    private final DurableState state;
    private final BuildLog log;
    private final SecretMask mask;

    /** @param mask of secrets in the charset of the command's output */
    DurableCall(
            ExecCall call, Durable durable, SshPoolService service, DurableState state, BuildLog log, SecretMask mask) {
        this.call = call;
        this.durable = durable;
        this.service = service;
        this.state = state;
        this.log = log;
        this.mask = mask;
    }

    /** @param sink for the log; after a restart it must itself leave out what {@link #logged} says */
    CompletableFuture<ExecResult> run(
            SessionSpec spec, LeaseHolder holder, Duration startTimeout, BuildLogSink sink, Cancellation cancellation) {
        Offsets from = from();
        DurableLogSink lines = new DurableLogSink(sink, state, from, mask);
        DurableRequest request = new DurableRequest(
                spec,
                holder,
                durable.id(),
                Optional.ofNullable(durable.directory()),
                durable.startedBefore() ? Optional.empty() : Optional.of(call.command()),
                startTimeout,
                call.limits(),
                from,
                durable.elapsed(),
                durable.startedBefore() ? state.silence() : Duration.ZERO);
        return service.durable()
                .run(request, lines, new Observer(), cancellation)
                .handle((result, failure) -> finished(lines, result, failure));
    }

    /** What has to be read again: what is to be returned is in no log. */
    private Offsets from() {
        Offsets logged = state.logged();
        return switch (call.returned()) {
            case NOTHING -> logged;
            case STDOUT -> new Offsets(0, logged.stderr());
            case ALL_OUTPUT -> Offsets.NONE;
        };
    }

    private ExecResult finished(DurableLogSink lines, ExecResult result, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        try {
            if (cause instanceof PoolClosed || cause != null && service.isShutDown()) {
                state.close(); // to be found again
                throw new CompletionException(cause);
            }
            lines.complete();
            state.delete();
        } catch (IOException e) {
            throw new CompletionException(cause == null ? e : cause);
        }
        return cause == null ? result : known(cause);
    }

    /** Jenkins may have been killed between the end of the command and that of the step. */
    private ExecResult known(Throwable failure) {
        if (!(failure instanceof DurableLost lost) || lost.lostBy() != DurableLost.Cause.REMOVED) {
            throw new CompletionException(failure);
        }
        if (!state.isLaunched()) {
            throw new CompletionException(
                    new DurableLost(lost.endpoint(), DurableLost.Cause.NOT_LAUNCHED, "", failure));
        }
        Optional<RemoteExit> exit = state.exit();
        if (exit.isEmpty() || call.returned() != Returned.NOTHING) {
            throw new CompletionException(failure);
        }
        return new ExecResult(exit.get(), durable.elapsed(), true);
    }

    /** The log, and what has to be known after a restart. */
    private final class Observer implements DurableObserver {

        @Override
        public void launched() {
            if (!durable.startedBefore()) { // otherwise it is what is to be found out
                written(state::launched);
            }
        }

        @Override
        public void ended(RemoteExit exit) {
            written(() -> state.ended(exit));
        }

        @Override
        public void diskWasFull() {
            log.diskWasFull();
        }

        private void written(Write write) {
            try {
                write.run();
            } catch (IOException e) {
                // The command goes on; only after a restart it would be missed.
                LOGGER.log(Level.WARNING, e, () -> "State of a durable command not saved: " + durable.id());
            }
        }

        @Override
        public void lost(SshException failure) {
            if (!service.isShutDown()) { // which is no news to anybody
                log.lost(failure);
            }
        }

        @Override
        public void found() {
            log.found();
        }

        @Override
        public void waiting(int placeInLine) {
            log.waiting(placeInLine);
        }

        @Override
        public void paused() {
            log.paused();
        }

        @Override
        public void starting(boolean reusedSession) {
            log.starting(reusedSession);
        }

        @Override
        public void retrying(SshException failure) {
            log.retrying(failure);
        }

        @Override
        public void connectingAgain(SshException failure) {
            log.connectingAgain(failure);
        }

        @Override
        public void survived(List<String> processes) {
            log.survived(processes);
        }

        @Override
        public void mayStillRun() {
            log.mayStillRun();
        }
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }
}
