package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.sshexec.call.RemoteTransfers;
import io.jenkins.plugins.sshexec.call.TransferCall;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** One {@code sshPut} or {@code sshGet} under way. */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "after a restart there is no transfer to follow")
final class FilesStepExecution extends AttachedStepExecution {

    private static final long serialVersionUID = 1L;

    /** Null after a restart. */
    private final transient FilesStep step;

    private final String host;

    FilesStepExecution(StepContext context, FilesStep step) {
        super(context, step.getHost());
        this.step = step;
        this.host = step.getHost();
    }

    @Override
    CompletableFuture<Object> begin(Run<?, ?> run, TaskListener listener, Cancellation cancellation)
            throws IOException, InterruptedException {
        TransferCall call = step.toCall();
        FilePath workspace = getContext().get(FilePath.class);
        return RemoteTransfers.run(call, workspace, run, listener, cancellation).thenApply(none -> null);
    }

    @Override
    String restarted() {
        return Messages.FilesStepExecution_restarted(named(host));
    }

    @Override
    public String getStatus() {
        return Messages.FilesStepExecution_running(named(host));
    }
}
