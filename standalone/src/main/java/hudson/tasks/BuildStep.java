package hudson.tasks;

/** Stands in for core's interface of this name. */
public interface BuildStep {
    default BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.BUILD;
    }
}
