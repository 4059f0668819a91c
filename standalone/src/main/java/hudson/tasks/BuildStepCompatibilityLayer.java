package hudson.tasks;

/** Stands in for core's class of this name. */
public abstract class BuildStepCompatibilityLayer implements BuildStep {}
