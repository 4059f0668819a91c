package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import hudson.model.Result;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import jenkins.model.CauseOfInterruption;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.springframework.security.core.Authentication;

/** One {@code parallel}: a thread for each branch, and the failure of the first that failed when all have ended. */
final class ParallelBranches {
    private final PipelineBuild build;
    private final Blocks blocks;
    private final Interruption all;

    /** The first branch's; null while none has failed. */
    // @GuardedBy("this")
    private Throwable failure;

    ParallelBranches(PipelineBuild build, Blocks blocks) {
        this.build = build;
        this.blocks = blocks;
        this.all = new Interruption(build.scope().interruption());
    }

    Map<String, Object> run(Map<String, Object> arguments) throws Exception {
        boolean failFast = Boolean.TRUE.equals(arguments.get("failFast"));
        Map<String, Callable<?>> branches = new LinkedHashMap<>();
        arguments.forEach((name, body) -> {
            if (body instanceof Closure<?> closure) {
                branches.put(name, closure::call);
            }
        });
        return run(branches, failFast);
    }

    Map<String, Object> run(Map<String, Callable<?>> branches, boolean failFast) throws Exception {
        blocks.enter("parallel");
        Map<String, FutureTask<Object>> tasks = new LinkedHashMap<>();
        Authentication user = Jenkins.getAuthentication2();
        Scope scope = build.scope().stoppedBy(all);
        branches.forEach((name, body) -> {
            build.announce("{ (Branch: " + name + ")");
            tasks.put(name, new FutureTask<>(() -> branch(name, body, scope, user, failFast)));
        });
        tasks.forEach((name, task) -> new Thread(task, build.run() + ", branch " + name).start());
        Map<String, Object> results = new LinkedHashMap<>();
        for (Map.Entry<String, FutureTask<Object>> task : tasks.entrySet()) {
            results.put(task.getKey(), result(task.getValue()));
        }
        build.announce("// parallel");
        throwFailure();
        return results;
    }

    private Object branch(String name, Callable<?> body, Scope scope, Authentication user, boolean failFast) {
        try (ACLContext asUser = ACL.as2(user)) {
            return build.inScope(scope, body);
        } catch (Throwable e) { // whatever the branch throws, a failed assertion too, is the failure of the whole
            build.say("Failed in branch " + name);
            failed(name, e, failFast);
            return null;
        } finally {
            build.announce("}");
        }
    }

    private synchronized void throwFailure() throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (Exception) failure;
        }
    }

    private void failed(String name, Throwable e, boolean failFast) {
        synchronized (this) {
            if (failure == null) {
                failure = e;
            } else if (failure != e) {
                failure.addSuppressed(e);
            }
        }
        if (failFast) {
            all.stop(new FlowInterruptedException(Result.ABORTED, true, new FailFast(name)));
        }
    }

    private static Object result(FutureTask<Object> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) { // branch() lets nothing out
            throw new IllegalStateException(e.getCause());
        }
    }

    private static final class FailFast extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        private final String branch;

        FailFast(String branch) {
            this.branch = branch;
        }

        @Override
        public String getShortDescription() {
            return "Failed in branch " + branch;
        }
    }
}
