package org.jenkinsci.plugins.workflow.actions;

import hudson.model.Action;

/** Stands in for workflow-api's interface of this name. */
public interface PersistentAction extends Action {}
