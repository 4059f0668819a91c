package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.RemoteCalls;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousResumeNotSupportedException;

/**
 * One step that runs something on a host, under way. {@link #start} only sets the command going; while it runs, the step holds no thread, and
 * the thread that learns how the command ended tells the build.
 *
 * <p>{@link #stop} cancels; the build goes on when the remote command is known to have ended or has been given up, with the
 * cause of the stop rather than with whatever the command made of it.
 */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "after a restart there is no command to follow")
final class SshExecStepExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(SshExecStepExecution.class.getName());

    /** Null after a restart: the command's end can no longer be learnt. */
    private final transient CommandStep step;

    /** Null after a restart. */
    private final transient Cancellation cancellation = new Cancellation();

    /** Why the build no longer wants the step; null while it does. Set on a thread of Pipeline, read by the one that ends it. */
    private transient volatile Throwable stopCause;

    /** For the sentence after a restart. */
    private final String host;

    SshExecStepExecution(StepContext context, CommandStep step) {
        super(context);
        this.step = step;
        this.host = step.getHost();
    }

    @Override
    public boolean start() throws IOException, InterruptedException {
        ExecCall call = step.toCall();
        StepContext context = getContext();
        step.addLabel(context);
        RemoteCalls.exec(call, context.get(Run.class), context.get(TaskListener.class), cancellation)
                .whenComplete((result, failure) ->
                        StepOutcome.tell(getContext(), step.returnedValue(), stopCause, result, failure));
        return false;
    }

    @Override
    public void stop(@NonNull Throwable cause) {
        stopCause = cause;
        if (cancellation == null) {
            getContext().onFailure(cause);
        } else {
            cancellation.cancel();
        }
    }

    /** A restart of Jenkins cuts the session, and with it the only way to learn how the command ended. */
    @Override
    public void onResume() {
        try {
            TaskListener listener = getContext().get(TaskListener.class);
            listener.getLogger().println(Messages.SshExecStepExecution_restarted(host));
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "No log for " + getContext());
        }
        getContext().onFailure(new SynchronousResumeNotSupportedException(getContext()));
    }

    @Override
    public boolean blocksRestart() {
        return true;
    }

    @Override
    public String getStatus() {
        return stopCause == null
                ? Messages.SshExecStepExecution_running(host)
                : Messages.SshExecStepExecution_stopping(host);
    }
}
