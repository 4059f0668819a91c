package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.launch.LaunchRequest;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Timings;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * The one bridge between Jenkins and the core: a build's request goes in, its log gets the output, a result or a failure in
 * the user's words comes out.
 */
public final class RemoteCalls {

    private static final Logger LOGGER = Logger.getLogger(RemoteCalls.class.getName());

    private RemoteCalls() {}

    /**
     * Runs a command for a build. Returns at once; everything that may block happens on the plugin's own threads, with the
     * authentication of the calling one.
     *
     * @param cancellation the build no longer wants the command
     * @return how the command ended, whatever its status; or exceptionally an {@link AbortException} with one sentence,
     *     which is a {@link ConnectionFailure} where the command may be tried again, and a {@link ControllerStopping} from the
     *     moment on at which Jenkins ends all commands; or a {@link java.util.concurrent.CancellationException}
     */
    public static CompletableFuture<CallResult> exec(
            ExecCall call, Run<?, ?> run, TaskListener listener, Cancellation cancellation) {
        Authentication authentication = Jenkins.getAuthentication2();
        SshPoolService service = SshPoolService.get();
        // One task for both: a stage of its own for the command would run on the calling thread if the look-up is
        // quick.
        return CompletableFuture.supplyAsync(
                        () -> prepare(call, run, authentication, service)
                                .exec(service, listener.getLogger(), cancellation),
                        service.workers())
                .thenCompose(Function.identity())
                .handle((result, failure) -> translated(service, result, failure));
    }

    private static Prepared prepare(
            ExecCall call, Run<?, ?> run, Authentication authentication, SshPoolService service) {
        try (ACLContext ignored = ACL.as2(authentication)) {
            call.options().requireFile();
            Route route = Route.find(call, run);
            return new Prepared(
                    call,
                    run,
                    route,
                    route.spec(service.fingerprints()),
                    SecretMask.of(route.secretLogins(), run.getCharset()));
        } catch (AbortException e) {
            throw new CompletionException(e);
        }
    }

    /** A command of which it is known where it goes, and as whom. */
    private record Prepared(ExecCall call, Run<?, ?> run, Route route, SessionSpec spec, SecretMask mask) {

        /** Wipes the logins and their mask when the command has ended, or could not be begun. */
        CompletableFuture<CallResult> exec(SshPoolService service, PrintStream out, Cancellation cancellation) {
            CompletableFuture<CallResult> begun;
            try {
                begun = begin(service, out, cancellation);
            } catch (RuntimeException | Error e) {
                begun = CompletableFuture.failedFuture(e);
            }
            return begun.whenComplete((result, failure) -> {
                mask.wipe();
                sweep(service, failure).whenComplete((none, never) -> route.wipe());
            });
        }

        /** What lost builds have left on the host, where a session to it is open now. The build does not wait for it. */
        private CompletableFuture<Void> sweep(SshPoolService service, Throwable failure) {
            return failure != null || service.isShutDown()
                    ? CompletableFuture.completedFuture(null)
                    : service.durable().sweep(spec, holder(), startTimeout());
        }

        private CompletableFuture<CallResult> begin(
                SshPoolService service, PrintStream out, Cancellation cancellation) {
            BuildLog log = new BuildLog(out, call, route.target(), route.shownUser(), this::masked);
            Durable durable = call.durable();
            return (durable == null
                            ? plainly(service, out, log, cancellation)
                            : durably(service, out, log, durable, cancellation))
                    .thenApply(result -> {
                        service.took(Timings.Part.RUN, result.duration());
                        return result;
                    })
                    .exceptionally(failure -> {
                        throw new CompletionException(inWords(failure));
                    });
        }

        private CompletableFuture<CallResult> plainly(
                SshPoolService service, PrintStream out, BuildLog log, Cancellation cancellation) {
            LaunchRequest request;
            try {
                request = new LaunchRequest(
                        spec,
                        holder(),
                        call.program(),
                        call.options().setting(call.charset(), route.sudoPassword()),
                        startTimeout(),
                        call.limits());
            } catch (AbortException e) {
                return CompletableFuture.failedFuture(e);
            }
            BuildLogSink sink = new BuildLogSink(out, run.getCharset(), call.charset(), call.returned(), mask);
            return service.launched()
                    .run(request, sink, log, cancellation)
                    .handle((result, failure) -> finished(sink, result, failure));
        }

        private CompletableFuture<CallResult> durably(
                SshPoolService service, PrintStream out, BuildLog log, Durable durable, Cancellation cancellation) {
            DurableState state;
            try {
                state = DurableState.open(run.getRootDir().toPath(), durable.id());
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
            BuildLogSink sink = BuildLogSink.keepingNothing(
                    out, run.getCharset(), call.charset(), call.returned(), mask, state.logged());
            SecretMask uncut = SecretMask.of(route.logins(), call.charset());
            return new DurableCall(call, durable, service, state, log, uncut)
                    .run(spec, holder(), startTimeout(), sink, cancellation)
                    .whenComplete((result, failure) -> uncut.wipe())
                    .handle((result, failure) -> finished(sink, result, failure));
        }

        private static Duration startTimeout() {
            return Duration.ofSeconds(SshExecConfiguration.get().getConnectTimeoutSeconds());
        }

        private LeaseHolder holder() {
            return new LeaseHolder(run.getParent().getFullName(), run.getFullDisplayName(), run.getUrl());
        }

        /** The output is complete: the last line goes to the log before anybody hears how the command ended. */
        private CallResult finished(BuildLogSink sink, ExecResult result, Throwable failure) {
            Throwable told = failure;
            try {
                sink.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "The last output is not in the log", e);
                if (told == null) { // else that is what the user has to know
                    told = new AbortException(Messages.RemoteCalls_lastOutputRefused(
                            route.target().describe(route.target().endpoint()), e.getMessage()));
                }
            }
            if (told != null) {
                throw told instanceof CompletionException wrapped ? wrapped : new CompletionException(told);
            }
            return new CallResult(
                    route.target().name(),
                    result.exit(),
                    result.duration(),
                    result.reusedSession(),
                    sink.stdout(),
                    sink.stderr());
        }

        /** Of a line that is made here: a command may name a secret, and a server's own words may have it. */
        private String masked(String line) {
            return mask.apply(line, run.getCharset());
        }

        private Throwable inWords(Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (!(cause instanceof SshException ssh)) {
                return cause;
            }
            // Not as the cause of what the build gets: Pipeline would print the stack traces of both into the build
            // log.
            LOGGER.log(Level.FINE, "A command failed", ssh);
            String told = masked(CallFailures.describe(ssh, route.target()));
            return ssh.isSafeToRepeat() ? new ConnectionFailure(told) : new AbortException(told);
        }
    }

    private static CallResult translated(SshPoolService service, CallResult result, Throwable failure) {
        if (failure == null) {
            return result;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        throw new CompletionException(service.isShutDown() ? new ControllerStopping(cause.getMessage()) : cause);
    }
}
