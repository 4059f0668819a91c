package hudson.model;

/** Stands in for core's interface of this name. */
public interface BuildListener extends TaskListener {}
