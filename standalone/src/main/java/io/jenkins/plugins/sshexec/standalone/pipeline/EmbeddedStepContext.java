package io.jenkins.plugins.sshexec.standalone.pipeline;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What one running step sees of the build, and where it leaves its result. */
final class EmbeddedStepContext extends StepContext {
    private static final long serialVersionUID = 1L;

    private final transient PipelineBuild build;
    private final transient Scope scope;
    private final transient EnvVars environment;
    private final transient CompletableFuture<Object> result = new CompletableFuture<>();

    EmbeddedStepContext(PipelineBuild build) {
        this.build = build;
        this.scope = build.scope();
        this.environment = build.environment();
    }

    CompletableFuture<Object> result() {
        return result;
    }

    @Override
    public <T> T get(Class<T> key) {
        Object found = null;
        if (Run.class.isAssignableFrom(key)) {
            found = build.run();
        } else if (Job.class.isAssignableFrom(key)) {
            found = build.run().getParent();
        } else if (key == TaskListener.class) {
            found = build.listener();
        } else if (key == EnvVars.class) {
            found = new EnvVars(environment);
        } else if (key == FilePath.class) {
            found = scope.workspace();
        }
        return key.cast(found);
    }

    @Override
    public void onSuccess(Object value) {
        result.complete(value);
    }

    @Override
    public void onFailure(Throwable failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setResult(Result worse) {
        build.run().setResult(worse);
    }

    @Override
    public boolean equals(Object that) {
        return this == that;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
