package jenkins.model.queue;

/** Stands in for core's interface of this name. */
public interface ITask {}
