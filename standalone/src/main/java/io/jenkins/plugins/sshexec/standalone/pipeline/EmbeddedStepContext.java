package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What one running step sees of the build, and where it leaves its result. */
final class EmbeddedStepContext extends StepContext {
    private static final long serialVersionUID = 1L;

    private final transient PipelineBuild build;
    private final transient Scope scope;
    private final transient EnvVars environment;
    private final transient CompletableFuture<Object> result = new CompletableFuture<>();

    /** Null for a step without a block. */
    private final transient Closure<?> block;

    /** Null until the step wants its block run, and once that has begun. */
    private transient EmbeddedBody ready;

    EmbeddedStepContext(PipelineBuild build) {
        this(build, null);
    }

    EmbeddedStepContext(PipelineBuild build, Closure<?> block) {
        this.build = build;
        this.block = block;
        this.scope = build.scope();
        this.environment = build.environment();
    }

    CompletableFuture<Object> result() {
        return result;
    }

    void ready(EmbeddedBody body) {
        ready = body;
    }

    /** The block that the step wants run now; empty where there is none. */
    Optional<EmbeddedBody> takeBody() {
        Optional<EmbeddedBody> taken = Optional.ofNullable(ready);
        ready = null;
        return taken;
    }

    @Override
    public boolean hasBody() {
        return block != null;
    }

    @Override
    public BodyInvoker newBodyInvoker() {
        if (block == null) {
            throw new IllegalStateException("There is no body");
        }
        return new EmbeddedBody.Invoker(build, this, block);
    }

    @Override
    public <T> T get(Class<T> key) {
        Object found = scope.given(key);
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
