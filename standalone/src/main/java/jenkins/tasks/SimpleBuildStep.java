package jenkins.tasks;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStep;
import java.io.IOException;

/** Stands in for core's interface of this name: a build step for every kind of job. */
public interface SimpleBuildStep extends BuildStep {
    default void perform(Run<?, ?> run, FilePath workspace, EnvVars env, Launcher launcher, TaskListener listener)
            throws InterruptedException, IOException {
        perform(run, env, listener);
    }

    default void perform(Run<?, ?> run, EnvVars env, TaskListener listener) throws InterruptedException, IOException {
        throw new AbortException("Unless a build step is marked as not requiring a workspace context,"
                + " you must implement the overload of the perform() method that takes both a workspace"
                + " and a launcher.");
    }

    default boolean requiresWorkspace() {
        return true;
    }
}
