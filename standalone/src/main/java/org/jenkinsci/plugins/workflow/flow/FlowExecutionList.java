package org.jenkinsci.plugins.workflow.flow;

/** Stands in for workflow-api's class of this name: a milestone of the controller's end. */
public final class FlowExecutionList {

    /** Attained when all builds of Pipeline are suspended; there are none to suspend here. */
    public static final String EXECUTIONS_SUSPENDED = "FlowExecutionList.EXECUTIONS_SUSPENDED";

    private FlowExecutionList() {}
}
