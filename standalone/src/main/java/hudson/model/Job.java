package hudson.model;

import hudson.ExtensionPoint;

/** Stands in for core's class of this name. */
public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends AbstractItem
        implements ExtensionPoint {
    protected transient volatile int nextBuildNumber = 1;

    protected Job(ItemGroup<?> parent, String name) {
        super(parent, name);
    }

    public int getNextBuildNumber() {
        return nextBuildNumber;
    }

    public int assignBuildNumber() {
        synchronized (this) {
            return nextBuildNumber++;
        }
    }
}
