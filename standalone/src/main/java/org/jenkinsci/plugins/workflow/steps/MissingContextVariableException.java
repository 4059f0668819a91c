package org.jenkinsci.plugins.workflow.steps;

import hudson.FilePath;

/** Stands in for workflow-step-api's class of this name: a step outside the block that it needs. */
public class MissingContextVariableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Class<?> type;

    MissingContextVariableException(Class<?> type, StepDescriptor descriptor) {
        super("Required context " + type + " is missing"
                + (type == FilePath.class
                        ? "\nPerhaps you forgot to surround the %s step with a step that provides this, such as: node"
                                .formatted(descriptor.getFunctionName())
                        : ""));
        this.type = type;
    }

    public Class<?> getType() {
        return type;
    }
}
