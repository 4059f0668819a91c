package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import groovy.lang.MissingPropertyException;
import groovy.lang.Script;
import hudson.AbortException;
import hudson.model.Result;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** What a Jenkinsfile can say: its methods are the words that Pipeline brings along, any other is a step of the plugin. */
public abstract class JenkinsfileBase extends Script {
    private static final Set<String> WORDS = Set.of(
            "catchError",
            "dir",
            "echo",
            "error",
            "node",
            "parallel",
            "pipeline",
            "retry",
            "script",
            "sleep",
            "stage",
            "timeout",
            "unstable",
            "withEnv");

    private PipelineBuild build;
    private Blocks blocks;
    private StepCaller steps;

    final void bind(PipelineBuild toRun) {
        this.build = toRun;
        this.blocks = new Blocks(toRun);
        this.steps = new StepCaller(toRun, blocks);
    }

    final PipelineBuild build() {
        return build;
    }

    final Blocks blocks() {
        return blocks;
    }

    public Object node(Closure<?> body) throws Exception {
        return blocks.node(body);
    }

    /** The embedded controller is its own one node, whatever the label. */
    public Object node(String label, Closure<?> body) throws Exception {
        return blocks.node(body);
    }

    public Object stage(String name, Closure<?> body) throws Exception {
        return blocks.named("stage", name, body);
    }

    public void echo(Object message) throws Exception {
        blocks.enter("echo");
        build.say(String.valueOf(message));
    }

    public void error(Object message) throws Exception {
        blocks.enter("error");
        throw new AbortException(String.valueOf(message));
    }

    public void unstable(Object message) throws Exception {
        blocks.enter("unstable");
        build.say("WARNING: " + message);
        build.run().setResult(Result.UNSTABLE);
    }

    public Map<String, Object> parallel(Map<String, Object> branches) throws Exception {
        return new ParallelBranches(build, blocks).run(branches);
    }

    public Object retry(int count, Closure<?> body) throws Exception {
        return blocks.retry(count, List.of(), body);
    }

    public Object retry(Map<String, Object> arguments, Closure<?> body) throws Exception {
        return blocks.retry(Arguments.of(this, "retry", arguments, "count", "conditions"), body);
    }

    public Object timeout(int minutes, Closure<?> body) throws Exception {
        return timeout(Map.of("time", minutes), body);
    }

    public Object timeout(Map<String, Object> arguments, Closure<?> body) throws Exception {
        return blocks.timeout(Arguments.of(this, "timeout", arguments, "time", "unit"), body);
    }

    public Object catchError(Closure<?> body) throws Exception {
        return catchError(Map.of(), body);
    }

    public Object catchError(Map<String, Object> arguments, Closure<?> body) throws Exception {
        return blocks.catchError(
                Arguments.of(
                        this, "catchError", arguments, "buildResult", "stageResult", "message", "catchInterruptions"),
                body);
    }

    /** {@code sleep}, which {@link OwnWordsCustomizer} calls by this name. */
    public void sleepStep(Object time) throws Exception {
        Map<?, ?> named = time instanceof Map<?, ?> map ? map : Map.of("time", time);
        blocks.sleep(Arguments.of(this, "sleep", named, "time", "unit"));
    }

    public Object withEnv(List<?> settings, Closure<?> body) throws Exception {
        return blocks.withEnv(settings, body);
    }

    public Object dir(String path, Closure<?> body) throws Exception {
        return blocks.dir(path, body);
    }

    public Object script(Closure<?> body) throws Exception {
        return blocks.plain("script", body);
    }

    public void pipeline(Closure<?> body) throws Exception {
        new DeclarativePipeline(this).run(body);
    }

    public Object getEnv() {
        return new PipelineVariables.Environment(build);
    }

    public Object getCurrentBuild() {
        return new PipelineVariables.CurrentBuild(build);
    }

    /** A variable of the environment can be named without {@code env}. */
    public Object propertyMissing(String name) {
        String value = build.environment().get(name);
        if (value == null) {
            throw new MissingPropertyException(name, getClass());
        }
        return value;
    }

    /** Any other word: a step, or a describable's symbol such as {@code retry} takes them for its conditions. */
    public Object methodMissing(String name, Object arguments) throws Exception {
        Object[] given = (Object[]) arguments;
        StepDescriptor step = StepDescriptor.byFunctionName(name);
        if (step != null) {
            return steps.call(step, given);
        }
        return steps.describable(name, given)
                .orElseThrow(() -> problem("no such step '" + name + "'"
                        + (WORDS.contains(name) ? " with " + Arguments.describe(given) : "")
                        + "; known: " + String.join(", ", known())));
    }

    /** A mistake in the script, with the line that it is on. */
    final AbortException problem(String what) {
        return new AbortException(build.atLine() + what);
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>(WORDS);
        StepDescriptor.all().forEach(step -> known.add(step.getFunctionName()));
        return known;
    }
}
