package org.jenkinsci.plugins.workflow.graph;

import hudson.model.Actionable;
import hudson.model.Saveable;

/** Stands in for workflow-api's class of this name; no build has a graph here, so there is never one of these. */
public abstract class FlowNode extends Actionable implements Saveable {
    private FlowNode() {}
}
