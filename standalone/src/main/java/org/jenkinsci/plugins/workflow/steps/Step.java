package org.jenkinsci.plugins.workflow.steps;

import hudson.ExtensionPoint;
import hudson.model.AbstractDescribableImpl;

/** Stands in for workflow-step-api's class of this name: one call of a step, as the Jenkinsfile has it. */
public abstract class Step extends AbstractDescribableImpl<Step> implements ExtensionPoint {
    @Override
    public StepDescriptor getDescriptor() {
        return (StepDescriptor) super.getDescriptor();
    }

    public abstract StepExecution start(StepContext context) throws Exception;
}
