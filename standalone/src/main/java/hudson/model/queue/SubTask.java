package hudson.model.queue;

import jenkins.model.queue.ITask;

/** Stands in for core's interface of this name. */
public interface SubTask extends ITask {}
