package org.jenkinsci.plugins.workflow.steps;

/** Stands in for workflow-step-api's class of this name: how a block step has its body run. */
public abstract class BodyInvoker {
    public abstract BodyInvoker withContext(Object override);

    public abstract BodyInvoker withCallback(BodyExecutionCallback callback);

    public abstract BodyExecution start();
}
