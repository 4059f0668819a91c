package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** The body of one block step. As in Jenkins it runs after the step's {@code start} has returned, on the build's own thread. */
final class EmbeddedBody extends BodyExecution {
    private static final long serialVersionUID = 1L;

    private final transient PipelineBuild build;
    private final transient EmbeddedStepContext context;
    private final transient Closure<?> body;
    private final transient CompletableFuture<Object> result = new CompletableFuture<>();

    /** Null where the step wants to hear of nothing. */
    private final BodyExecutionCallback callback;

    /** What the step gives to the steps inside, the latest first. */
    private final transient List<Object> given;

    private EmbeddedBody(
            PipelineBuild build,
            EmbeddedStepContext context,
            Closure<?> body,
            BodyExecutionCallback callback,
            List<Object> given) {
        this.build = build;
        this.context = context;
        this.body = body;
        this.callback = callback;
        this.given = given;
    }

    /** Runs it to its end, and tells the step how it ended. */
    void run(String step, Blocks blocks) {
        try {
            Object value =
                    blocks.braces(step, "{", () -> build.inScope(build.scope().giving(given), body::call));
            result.complete(value);
            if (callback != null) {
                callback.onSuccess(context, value);
            }
        } catch (Throwable failure) { // whatever the body throws, a failed assertion too, ends it
            result.completeExceptionally(failure);
            if (callback != null) {
                callback.onFailure(context, failure);
            }
        }
    }

    /** It has steps only while the build's thread is in them, and that thread asks nobody. */
    @Override
    public Collection<StepExecution> getCurrentExecutions() {
        return List.of();
    }

    /** Not this way: an {@link Interruption} stops what is in a block. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean isDone() {
        return result.isDone();
    }

    @Override
    public Object get() throws InterruptedException, ExecutionException {
        return result.get();
    }

    @Override
    public Object get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return result.get(timeout, unit);
    }

    /** Makes a body ready to run. */
    static final class Invoker extends BodyInvoker {
        private final PipelineBuild build;
        private final EmbeddedStepContext context;
        private final Closure<?> body;
        private final Deque<Object> given = new ArrayDeque<>();
        private BodyExecutionCallback callback;

        Invoker(PipelineBuild build, EmbeddedStepContext context, Closure<?> body) {
            this.build = build;
            this.context = context;
            this.body = body;
        }

        @Override
        public BodyInvoker withContext(Object override) {
            given.addFirst(override);
            return this;
        }

        @Override
        public BodyInvoker withCallback(BodyExecutionCallback toTell) {
            callback = toTell;
            return this;
        }

        @Override
        public BodyExecution start() {
            EmbeddedBody ready = new EmbeddedBody(build, context, body, callback, List.copyOf(given));
            context.ready(ready);
            return ready;
        }
    }
}
