package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest;
import io.jenkins.plugins.sshexec.core.transfer.TransferResult;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.workspace.AgentWorkspace;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** What {@link RemoteCalls} is for commands, for files. */
public final class RemoteTransfers {

    private static final Logger LOGGER = Logger.getLogger(RemoteTransfers.class.getName());

    private RemoteTransfers() {}

    /**
     * Copies files for a build. Returns at once; everything that may block happens on the plugin's own threads, with the
     * authentication of the calling one.
     *
     * @param workspace what the paths on this side are in
     * @param cancellation the build no longer wants the files
     * @return null; or exceptionally as {@link RemoteCalls#exec}
     */
    public static CompletableFuture<Void> run(
            TransferCall call, FilePath workspace, Run<?, ?> run, TaskListener listener, Cancellation cancellation) {
        Authentication authentication = Jenkins.getAuthentication2();
        SshPoolService service = SshPoolService.get();
        return CompletableFuture.supplyAsync(
                        () -> prepare(call, run, authentication).begin(service, workspace, listener, cancellation),
                        service.workers())
                .thenCompose(Function.identity())
                .handle((none, failure) -> translated(service, failure));
    }

    private static Prepared prepare(TransferCall call, Run<?, ?> run, Authentication authentication) {
        try (ACLContext ignored = ACL.as2(authentication)) {
            Route route = Route.find(run, call.destination(), call.credentialsId());
            return new Prepared(call, run, route, SecretMask.of(route.logins(), run.getCharset()));
        } catch (AbortException e) {
            throw new CompletionException(e);
        }
    }

    /** A transfer of which it is known where it goes, and as whom. */
    private record Prepared(TransferCall call, Run<?, ?> run, Route route, SecretMask mask) {

        /** Wipes the login and its mask when the files are there, or could not be copied. */
        CompletableFuture<Void> begin(
                SshPoolService service, FilePath workspace, TaskListener listener, Cancellation cancellation) {
            TransferLog log =
                    new TransferLog(listener.getLogger(), call, route.target(), route.shownUser(), this::masked);
            CompletableFuture<TransferResult> begun;
            try {
                begun = service.files().run(request(service), new AgentWorkspace(workspace), log, cancellation);
            } catch (RuntimeException | Error e) {
                begun = CompletableFuture.failedFuture(e);
            }
            return begun.<Void>handle((result, failure) -> {
                        if (failure != null) {
                            throw new CompletionException(inWords(failure));
                        }
                        log.finished(result);
                        return null;
                    })
                    .whenComplete((none, failure) -> {
                        mask.wipe();
                        route.wipe();
                    });
        }

        private TransferRequest request(SshPoolService service) {
            return new TransferRequest(
                    route.spec(service.fingerprints()),
                    new LeaseHolder(run.getParent().getFullName(), run.getFullDisplayName(), run.getUrl()),
                    call.direction(),
                    call.from(),
                    call.into(),
                    call.selection(),
                    call.options(),
                    Duration.ofSeconds(SshExecConfiguration.get().getConnectTimeoutSeconds()),
                    call.limit());
        }

        private String masked(String line) {
            return mask.apply(line, run.getCharset());
        }

        private Throwable inWords(Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (!(cause instanceof SshException ssh)) {
                return cause;
            }
            // Not as the cause of what the build gets: Pipeline would print both stack traces into the build log.
            LOGGER.log(Level.FINE, "A transfer failed", ssh);
            String told = masked(CallFailures.describe(ssh, route.target()));
            return ssh.isSafeToRepeat() ? new ConnectionFailure(told) : new AbortException(told);
        }
    }

    private static Void translated(SshPoolService service, Throwable failure) {
        if (failure == null) {
            return null;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        throw new CompletionException(service.isShutDown() ? new ControllerStopping(cause.getMessage()) : cause);
    }
}
