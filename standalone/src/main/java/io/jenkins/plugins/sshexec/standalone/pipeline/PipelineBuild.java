package io.jenkins.plugins.sshexec.standalone.pipeline;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.TaskListener;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import java.io.File;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;

/** One run of a script: its log, its environment, and for each of its threads the {@link Scope} that the thread is in. */
final class PipelineBuild {
    private final EmbeddedRun run;
    private final TaskListener listener;
    private final String scriptName;
    private final EnvVars base;
    private final Map<String, String> assigned = new ConcurrentHashMap<>();
    private final ThreadLocal<Scope> scope;

    PipelineBuild(EmbeddedRun run, TaskListener listener, String scriptName, Map<String, String> environment) {
        this.run = run;
        this.listener = listener;
        this.scriptName = scriptName;
        this.base = run.getCharacteristicEnvVars().overrideAll(environment);
        this.scope = ThreadLocal.withInitial(Scope::outermost);
    }

    EmbeddedRun run() {
        return run;
    }

    TaskListener listener() {
        return listener;
    }

    Scope scope() {
        return scope.get();
    }

    /** Runs on this thread with another scope; the former one is back when it ends. */
    <T> T inScope(Scope inner, Callable<T> body) throws Exception {
        Scope outer = scope.get();
        scope.set(inner);
        try {
            return body.call();
        } finally {
            scope.set(outer);
        }
    }

    /** The build's own variables, those that the script has assigned to {@code env}, those of the blocks around. */
    EnvVars environment() {
        EnvVars all = new EnvVars(base);
        all.overrideAll(assigned);
        scope().addTo(all);
        return all;
    }

    void assign(String variable, String value) {
        assigned.put(variable, value);
    }

    FilePath workspace() {
        return new FilePath(new File(
                Jenkins.get().getRootDir(), "workspace/" + run.getParent().getFullName()));
    }

    /** A line of Pipeline's own, {@code [Pipeline] echo} say. */
    void announce(String what) {
        listener.getLogger().println("[Pipeline] " + what);
    }

    void say(String line) {
        listener.getLogger().println(line);
    }

    /** The line of the script that this thread is at, in words; nothing where it is in none. */
    String atLine() {
        return StackWalker.getInstance().walk(frames -> frames.filter(frame -> scriptName.equals(frame.getFileName()))
                .findFirst()
                .map(frame -> "line " + frame.getLineNumber() + ": ")
                .orElse(""));
    }
}
