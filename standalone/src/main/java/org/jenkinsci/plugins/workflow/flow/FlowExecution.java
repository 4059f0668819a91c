package org.jenkinsci.plugins.workflow.flow;

import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Stands in for workflow-api's {@code FlowExecution}; the embedded controller has builds of one user, and resumes none. */
public abstract class FlowExecution {

    public Authentication getAuthentication2() {
        return Jenkins.getAuthentication2();
    }
}
