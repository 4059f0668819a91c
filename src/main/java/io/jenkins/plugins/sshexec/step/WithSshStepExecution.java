package io.jenkins.plugins.sshexec.step;

import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** One {@code withSsh} block under way. It holds nothing; whatever a step inside needs, that step gets and gives back. */
final class WithSshStepExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private final SshDefaults inside;

    WithSshStepExecution(StepContext context, SshDefaults inside) {
        super(context);
        this.inside = inside;
    }

    @Override
    public boolean start() {
        getContext()
                .newBodyInvoker()
                .withContext(inside)
                .withCallback(new ResultOfBody())
                .start();
        return false;
    }

    /** The block ends as its body does. */
    private static final class ResultOfBody extends BodyExecutionCallback {

        private static final long serialVersionUID = 1L;

        @Override
        public void onSuccess(StepContext context, Object result) {
            context.onSuccess(result);
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            context.onFailure(failure);
        }
    }
}
