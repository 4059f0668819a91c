package jenkins.agents;

import hudson.FilePath.FileCallable;

/** Stands in for core's interface of this name. */
public interface ControllerToAgentFileCallable<T> extends FileCallable<T> {}
