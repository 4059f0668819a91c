package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousResumeNotSupportedException;

/**
 * A step under way whose commands belong to their connections. {@link #start} only sets them going; while they run, the step
 * holds no thread, and the thread that learns how the last of them ended tells the build.
 *
 * <p>{@link #stop} cancels; the build goes on when the remote commands are known to have ended or have been given up, with the
 * cause of the stop rather than with whatever the commands made of it.
 */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "after a restart there is no command to follow")
abstract class AttachedStepExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(AttachedStepExecution.class.getName());

    /** Null after a restart. */
    private final transient Cancellation cancellation = new Cancellation();

    /** Why the build no longer wants the step; null while it does. Set on a thread of Pipeline, read by the one that ends it. */
    private transient volatile Throwable stopCause;

    /** For messages; null where the step was given none, or was saved by a version that kept it elsewhere. */
    @CheckForNull
    private final String host;

    /** @param host for messages; where there are several, all of them or what they have in common */
    AttachedStepExecution(StepContext context, @CheckForNull String host) {
        super(context);
        this.host = host;
    }

    /**
     * Checks what was typed, and sets the commands going.
     *
     * @return what the step returns, or exceptionally why it fails
     */
    abstract CompletableFuture<Object> begin(Run<?, ?> run, TaskListener listener, Cancellation cancellation)
            throws IOException, InterruptedException;

    @Override
    public boolean start() throws IOException, InterruptedException {
        StepContext context = getContext();
        begin(context.get(Run.class), context.get(TaskListener.class), cancellation)
                .whenComplete((value, failure) -> StepOutcome.tell(getContext(), stopCause, value, failure));
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
            listener.getLogger().println(restarted());
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "No log for " + getContext());
        }
        getContext().onFailure(new SynchronousResumeNotSupportedException(getContext()));
    }

    /** A host in a sentence, also where the step itself does not know which it is: it is that of a block around it. */
    static String named(@CheckForNull String host) {
        return host == null ? Messages.AttachedStepExecution_someHost() : host;
    }

    /** What the log says after a restart of Jenkins. */
    String restarted() {
        return Messages.AttachedStepExecution_restarted(named(host));
    }

    @Override
    public boolean blocksRestart() {
        return true;
    }

    @Override
    public String getStatus() {
        return stopCause == null
                ? Messages.AttachedStepExecution_running(named(host))
                : Messages.AttachedStepExecution_stopping(named(host));
    }
}
