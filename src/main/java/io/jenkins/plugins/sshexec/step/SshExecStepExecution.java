package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.RemoteCalls;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** One step that runs something on a host, under way. */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "after a restart there is no command to follow")
final class SshExecStepExecution extends AttachedStepExecution {

    private static final long serialVersionUID = 1L;

    /** Null after a restart: the command's end can no longer be learnt. */
    private final transient CommandStep step;

    SshExecStepExecution(StepContext context, CommandStep step) {
        super(context, step.getHost());
        this.step = step;
    }

    @Override
    CompletableFuture<Object> begin(Run<?, ?> run, TaskListener listener, Cancellation cancellation)
            throws IOException, InterruptedException {
        ExecCall call = step.toCall(getContext());
        step.addLabel(getContext());
        return RemoteCalls.exec(call, run, listener, cancellation)
                .thenCompose(result -> step.returnedValue().promise(result));
    }
}
