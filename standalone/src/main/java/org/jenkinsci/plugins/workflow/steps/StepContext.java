package org.jenkinsci.plugins.workflow.steps;

import hudson.model.Result;
import java.io.IOException;
import java.io.Serializable;

/** Stands in for workflow-step-api's class of this name: what one running step sees of its build. */
public abstract class StepContext implements Serializable {
    private static final long serialVersionUID = 1L;

    public abstract <T> T get(Class<T> key) throws IOException, InterruptedException;

    public abstract void onSuccess(Object result);

    /** Guava's {@code FutureCallback} declares it, which the real class implements. */
    public abstract void onFailure(Throwable failure);

    public abstract boolean isReady();

    public abstract BodyInvoker newBodyInvoker() throws IllegalStateException;

    public abstract void setResult(Result result);

    public boolean hasBody() {
        return false;
    }

    @Override
    public abstract boolean equals(Object that);

    @Override
    public abstract int hashCode();
}
