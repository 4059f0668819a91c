package org.jenkinsci.plugins.workflow.steps;

/** Stands in for workflow-step-api's class of this name: a step that a restart of the controller ended. */
public class SynchronousResumeNotSupportedException extends Exception {
    private static final long serialVersionUID = 1L;

    public SynchronousResumeNotSupportedException() {
        super("The step could not be resumed after the controller was restarted");
    }

    public SynchronousResumeNotSupportedException(StepContext context) {
        this();
    }
}
