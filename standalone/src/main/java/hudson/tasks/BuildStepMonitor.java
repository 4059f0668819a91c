package hudson.tasks;

/** Stands in for core's enum of this name: what a build step of one build waits for in the build before. */
public enum BuildStepMonitor {
    NONE,
    STEP,
    BUILD
}
