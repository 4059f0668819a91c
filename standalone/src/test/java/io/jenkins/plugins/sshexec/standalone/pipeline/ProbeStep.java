package io.jenkins.plugins.sshexec.standalone.pipeline;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.Serializable;
import java.util.Set;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code probe}: a step with parameters of several types that does what it is told. */
public final class ProbeStep extends Step {
    private final String message;
    private int times = 1;
    private Mode mode = Mode.ANSWER;

    /** What it does. */
    public enum Mode {
        /** Prints the message, and returns it. */
        ANSWER,
        FAIL,
        /** Ends when it is stopped. */
        HANG
    }

    @DataBoundConstructor
    public ProbeStep(String message) {
        this.message = message;
    }

    @DataBoundSetter
    public void setTimes(int times) {
        this.times = times;
    }

    @DataBoundSetter
    public void setMode(Mode mode) {
        this.mode = mode;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(this, context);
    }

    private static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1L;

        private final transient ProbeStep step;

        Execution(ProbeStep step, StepContext context) {
            super(context);
            this.step = step;
        }

        @Override
        public boolean start() throws Exception {
            TaskListener listener = getContext().get(TaskListener.class);
            switch (step.mode) {
                case ANSWER -> {
                    String text = getContext().get(EnvVars.class).expand(step.message);
                    for (int i = 0; i < step.times; i++) {
                        listener.getLogger().println(text);
                    }
                    getContext().onSuccess(text);
                }
                case FAIL -> throw new AbortException(step.message);
                case HANG -> listener.getLogger().println("hanging");
            }
            return step.mode != Mode.HANG;
        }
    }

    /** Registered by the test. */
    static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "probe";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }
    }

    /** {@code saying('text')}: failures whose message has the text. */
    public static final class SayingCondition extends ErrorCondition implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String text;

        @DataBoundConstructor
        public SayingCondition(String text) {
            this.text = text;
        }

        @Override
        public boolean test(Throwable failure, StepContext context) {
            return failure.getMessage().contains(text);
        }

        @Symbol("saying")
        static final class DescriptorImpl extends ErrorConditionDescriptor {}
    }
}
