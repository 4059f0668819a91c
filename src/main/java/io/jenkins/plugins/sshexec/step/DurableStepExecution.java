package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.call.Durable;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.RemoteCalls;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.springframework.security.core.Authentication;

/**
 * One {@code sshExec} with {@code durable: true} under way. Its fields are what it takes to find the command again after a
 * restart of Jenkins: neither the command nor anything secret; the credentials are looked up anew. How far the log has come
 * is written elsewhere, because it changes more often than Pipeline saves these.
 */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "after a restart these are null, as each says")
final class DurableStepExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private final UUID id;

    @CheckForNull
    private final String host;

    @CheckForNull
    private final String credentialsId;

    @CheckForNull
    private final String directory;

    @CheckForNull
    private final String encoding;

    private final ReturnedValue returned;
    private final int timeoutSeconds;
    private final int idleTimeoutSeconds;

    /** In the controller's wall clock, the only one that goes on over a restart. */
    private final long startMillis;

    /** Null after a restart. */
    private final transient SshExecStep step;

    /** Ends the command; another one after a restart, and null until that is there. */
    private transient volatile Cancellation cancellation = new Cancellation();

    /**
     * Null while the build wants the step. Set on a thread of Pipeline, read by the one that ends it. Kept over a restart, which
     * may come before the command's end.
     */
    private volatile Throwable stopCause;

    DurableStepExecution(StepContext context, SshExecStep step) {
        super(context);
        this.step = step;
        this.returned = step.returnedValue();
        this.id = UUID.randomUUID();
        this.directory = step.getDurableDirectory();
        this.host = step.getHost();
        this.credentialsId = step.getCredentialsId();
        this.encoding = step.getEncoding();
        this.timeoutSeconds = step.getTimeoutSeconds();
        this.idleTimeoutSeconds = step.getIdleTimeoutSeconds();
        this.startMillis = System.currentTimeMillis();
    }

    @Override
    public boolean start() throws IOException, InterruptedException {
        ExecCall call = step.toCall(getContext()).outliving(Durable.toStart(id, directory));
        step.addLabel(getContext());
        run(call);
        return false;
    }

    @Override
    public void onResume() {
        cancellation = new Cancellation();
        if (stopCause != null) {
            cancellation.cancel();
        }
        // A clock that was set back gives the command more time rather than less.
        Duration elapsed = Duration.ofMillis(Math.max(0, System.currentTimeMillis() - startMillis));
        try (ACLContext ignored = ACL.as2(authentication())) {
            run(ExecCall.again(
                            host, credentialsId, encoding, returned.output(), new Durable(id, directory, true, elapsed))
                    .within(idleTimeoutSeconds, timeoutSeconds));
        } catch (IOException e) {
            getContext().onFailure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            getContext().onFailure(e);
        }
    }

    /** Whom the build runs as, as it was when the step started: Pipeline resumes steps as somebody else. */
    private Authentication authentication() throws IOException, InterruptedException {
        return getContext().get(FlowExecution.class).getAuthentication2();
    }

    private void run(ExecCall wanted) throws IOException, InterruptedException {
        StepContext context = getContext();
        RemoteCalls.exec(wanted, context.get(Run.class), context.get(TaskListener.class), cancellation)
                .thenCompose(returned::promise)
                .whenComplete((value, failure) -> StepOutcome.tell(getContext(), stopCause, value, failure));
    }

    /** Ends the command on the host, also one that was started before a restart. */
    @Override
    public void stop(@NonNull Throwable cause) {
        stopCause = fitToBeSaved(cause);
        Cancellation current = cancellation;
        if (current != null) {
            current.cancel();
        }
    }

    /** Whatever else somebody stops a step with may refer to what cannot be serialized, and then the build could not be saved. */
    static Throwable fitToBeSaved(Throwable cause) {
        return cause instanceof FlowInterruptedException ? cause : new AbortException(cause.toString());
    }

    @Override
    public boolean blocksRestart() {
        return false;
    }

    @Override
    public String getStatus() {
        return stopCause == null
                ? Messages.DurableStepExecution_running(AttachedStepExecution.named(host))
                : Messages.AttachedStepExecution_stopping(AttachedStepExecution.named(host));
    }
}
