package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.model.CauseOfInterruption;
import jenkins.util.Timer;
import org.codehaus.groovy.runtime.StackTraceUtils;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** Pipeline's own words around a body, with the log lines that Jenkins writes for them. */
final class Blocks {
    private final PipelineBuild build;

    Blocks(PipelineBuild build) {
        this.build = build;
    }

    /** Before every step: a stopped block starts nothing more. */
    void enter(String step) throws FlowInterruptedException {
        build.scope().interruption().check();
        build.announce(step);
    }

    Object plain(String step, Closure<?> body) throws Exception {
        enter(step);
        return braces(step, "{", body::call);
    }

    Object named(String step, String label, Callable<?> body) throws Exception {
        enter(step);
        return braces(step, "{ (" + label + ")", body);
    }

    Object braces(String step, String opening, Callable<?> body) throws Exception {
        build.announce(opening);
        try {
            return body.call();
        } finally {
            build.announce("}");
            build.announce("// " + step);
        }
    }

    Object node(Callable<?> body) throws Exception {
        enter("node");
        FilePath workspace = build.workspace();
        build.say("Running on Jenkins in " + workspace);
        Scope inside =
                build.scope().in(workspace).with(Map.of("NODE_NAME", "built-in", "WORKSPACE", workspace.getRemote()));
        return braces("node", "{", () -> build.inScope(inside, body));
    }

    Object dir(String path, Closure<?> body) throws Exception {
        enter("dir");
        FilePath workspace = build.scope().workspace();
        if (workspace == null) {
            throw new AbortException(build.atLine() + "dir has a workspace only inside 'node'");
        }
        FilePath folder = workspace.child(path);
        build.say("Running in " + folder);
        return braces("dir", "{", () -> build.inScope(build.scope().in(folder), body::call));
    }

    Object withEnv(List<?> settings, Callable<?> body) throws Exception {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Object setting : settings) {
            String text = setting.toString();
            int equals = text.indexOf('=');
            variables.put(equals < 0 ? text : text.substring(0, equals), text.substring(equals + 1));
        }
        enter("withEnv");
        return braces("withEnv", "{", () -> build.inScope(build.scope().with(variables), body));
    }

    void sleep(Arguments arguments) throws Exception {
        int time = arguments.count("time");
        TimeUnit unit = arguments.unit(TimeUnit.SECONDS);
        enter("sleep");
        build.say("Sleeping for " + Util.getTimeSpanString(unit.toMillis(time)));
        CompletableFuture<Void> end = new CompletableFuture<>();
        end.completeOnTimeout(null, time, unit);
        build.scope().interruption().await(end, end::completeExceptionally);
    }

    Object timeout(Arguments arguments, Callable<?> body) throws Exception {
        int time = arguments.count("time");
        TimeUnit unit = arguments.unit(TimeUnit.MINUTES);
        enter("timeout");
        build.say("Timeout set to expire in " + Util.getTimeSpanString(unit.toMillis(time)));
        Interruption inner = new Interruption(build.scope().interruption());
        Future<?> alarm = Timer.get()
                .schedule(
                        () -> {
                            build.say("Cancelling nested steps due to timeout");
                            inner.stop(new FlowInterruptedException(Result.ABORTED, false, new ExceededTimeout()));
                        },
                        time,
                        unit);
        try {
            return braces("timeout", "{", () -> build.inScope(build.scope().stoppedBy(inner), body));
        } finally {
            alarm.cancel(false);
        }
    }

    Object retry(Arguments arguments, Closure<?> body) throws Exception {
        return retry(arguments.count("count"), arguments.list("conditions"), body::call);
    }

    Object retry(int count, List<?> conditions, Callable<?> body) throws Exception {
        enter("retry");
        try {
            for (int left = count; ; left--) {
                try {
                    return once(body);
                } catch (Exception e) {
                    if (left <= 1 || !mayRetry(e, conditions)) {
                        throw e;
                    }
                    say(e);
                    build.say("Retrying");
                }
            }
        } finally {
            build.announce("// retry");
        }
    }

    private Object once(Callable<?> body) throws Exception {
        build.announce("{");
        try {
            return body.call();
        } finally {
            build.announce("}");
        }
    }

    private boolean mayRetry(Exception failure, List<?> conditions) throws Exception {
        if (failure instanceof FlowInterruptedException stopped && stopped.isActualInterruption()) {
            return false;
        }
        build.scope().interruption().check();
        for (Object condition : conditions) {
            if (((ErrorCondition) condition).test(failure, new EmbeddedStepContext(build))) {
                return true;
            }
        }
        return conditions.isEmpty();
    }

    Object catchError(Arguments arguments, Closure<?> body) throws Exception {
        enter("catchError");
        try {
            return braces("catchError", "{", body::call);
        } catch (Exception e) {
            Result result = Result.fromString(arguments.text("buildResult", "FAILURE"));
            if (e instanceof FlowInterruptedException stopped) {
                if (!arguments.flag("catchInterruptions", true)) {
                    throw e;
                }
                result = result.combine(stopped.getResult());
            }
            String message = arguments.text("message", null);
            if (message != null) {
                build.listener().error(message);
            }
            say(e);
            if (result != Result.SUCCESS) {
                build.run().setResult(result);
            }
            return null;
        }
    }

    /** A failure that the build goes on after. */
    private void say(Exception failure) {
        if (failure instanceof FlowInterruptedException stopped) {
            stopped.handle(build.run(), build.listener());
        } else if (failure instanceof AbortException) {
            build.listener().error(failure.getMessage());
        } else {
            StackTraceUtils.deepSanitize(failure)
                    .printStackTrace(build.listener().error("Execution failed"));
        }
    }

    private static final class ExceededTimeout extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Timeout has been exceeded";
        }
    }
}
