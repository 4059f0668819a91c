package org.jenkinsci.plugins.workflow.steps;

import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Stands in for workflow-step-api's class of this name: a step with a thread of its own. */
public abstract class SynchronousNonBlockingStepExecution<T> extends StepExecution {
    private static final long serialVersionUID = 1L;

    private static final ExecutorService EXECUTOR = Executors.newCachedThreadPool(new NamingThreadFactory(
            new DaemonThreadFactory(), "org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution"));

    private transient volatile Future<?> task;
    private transient volatile Throwable stopCause;

    protected SynchronousNonBlockingStepExecution(StepContext context) {
        super(context);
    }

    protected abstract T run() throws Exception;

    @Override
    public final boolean start() throws Exception {
        Authentication user = Jenkins.getAuthentication2();
        task = EXECUTOR.submit(() -> {
            try (ACLContext asUser = ACL.as2(user)) {
                getContext().onSuccess(run());
            } catch (Exception e) { // whatever the step throws is its result
                if (stopCause == null) {
                    getContext().onFailure(e);
                } else {
                    stopCause.addSuppressed(e);
                }
            }
        });
        return false;
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        stopCause = cause;
        if (task != null) {
            task.cancel(true);
        }
        super.stop(cause);
    }

    @Override
    public boolean blocksRestart() {
        return true;
    }
}
