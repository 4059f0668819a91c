package org.jenkinsci.plugins.workflow.flow;

import hudson.ExtensionPoint;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import java.io.IOException;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Stands in for workflow-api's class of this name: which failures {@code retry} tries again. */
public abstract class ErrorCondition extends AbstractDescribableImpl<ErrorCondition>
        implements ExtensionPoint, Serializable {
    private static final long serialVersionUID = 1L;

    public abstract boolean test(Throwable failure, StepContext context) throws IOException, InterruptedException;

    @Override
    public ErrorConditionDescriptor getDescriptor() {
        return (ErrorConditionDescriptor) super.getDescriptor();
    }

    /** Stands in for workflow-api's class of this name. */
    public abstract static class ErrorConditionDescriptor extends Descriptor<ErrorCondition> {}
}
