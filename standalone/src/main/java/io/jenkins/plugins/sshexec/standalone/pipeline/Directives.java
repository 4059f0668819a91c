package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import hudson.AbortException;
import hudson.model.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The directives that a declarative {@code pipeline} and each {@code stage} can have; these closures delegate to it. */
abstract class Directives extends Words {
    private boolean wantsNode;
    private Closure<?> environment;
    private final Options options;
    private final Map<String, Closure<?>> post = new LinkedHashMap<>();
    private List<StageDirectives> stages;

    Directives(JenkinsfileBase script, String name, String... known) {
        super(script, name, known);
        this.options = new Options(script);
    }

    /** {@code agent any}, {@code agent none}. */
    public void agent(String kind) {
        wantsNode = !kind.equals("none");
    }

    /** {@code agent { label 'x' }}: the embedded controller is its own one node. */
    public void agent(Closure<?> kind) {
        new Agent(script()).read(kind);
        wantsNode = true;
    }

    public String getAny() {
        return "any";
    }

    public String getNone() {
        return "none";
    }

    public void environment(Closure<?> body) {
        environment = body;
    }

    public void options(Closure<?> body) {
        options.read(body);
    }

    public void post(Closure<?> body) {
        new Post(script(), post).read(body);
    }

    public void stages(Closure<?> body) {
        Stages all = new Stages(script(), "stages");
        all.read(body);
        stages = all.found;
    }

    boolean wantsNode() {
        return wantsNode;
    }

    Arguments timeout() {
        return options.timeout;
    }

    int retry() {
        return options.retry;
    }

    List<StageDirectives> stages() {
        return stages;
    }

    /** The variables, worked out now: they may use those around them, each other and steps. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        if (environment != null) {
            environment.setDelegate(new Environment(script(), variables));
            environment.setResolveStrategy(Closure.DELEGATE_ONLY);
            environment.call();
        }
        return variables;
    }

    /** What is to be run after this result, in Jenkins's order. */
    List<Closure<?>> post(Result result) {
        List<Closure<?>> actions = new ArrayList<>();
        for (String condition : Post.IN_ORDER) {
            if (post.containsKey(condition) && Post.holds(condition, result)) {
                actions.add(post.get(condition));
            }
        }
        return actions;
    }

    /** The directives of the whole. */
    static final class PipelineDirectives extends Directives {
        PipelineDirectives(JenkinsfileBase script) {
            super(script, "pipeline", "agent", "environment", "options", "post", "stages");
        }

        void check() throws AbortException {
            if (stages() == null) {
                throw script().problem("a pipeline needs 'stages'");
            }
        }
    }

    /** The directives of one stage. */
    static final class StageDirectives extends Directives {
        private final String name;
        private Closure<?> steps;
        private List<StageDirectives> parallel;
        private boolean failFast;
        private When when;

        StageDirectives(JenkinsfileBase script, String name) {
            super(
                    script,
                    "stage",
                    "agent",
                    "environment",
                    "failFast",
                    "options",
                    "parallel",
                    "post",
                    "stages",
                    "steps",
                    "when");
            this.name = name;
        }

        public void steps(Closure<?> body) {
            steps = asScript(body);
        }

        public void parallel(Closure<?> body) {
            Stages all = new Stages(script(), "parallel");
            all.read(body);
            parallel = all.found;
        }

        public void failFast(boolean stopOthers) {
            failFast = stopOthers;
        }

        public void when(Closure<?> body) {
            when = new When(script());
            when.read(body);
        }

        void check() throws AbortException {
            if (steps == null && parallel == null && stages() == null) {
                throw script().problem("stage '" + name + "' needs 'steps', 'stages' or 'parallel'");
            }
        }

        String name() {
            return name;
        }

        Closure<?> steps() {
            return steps;
        }

        List<StageDirectives> parallel() {
            return parallel;
        }

        boolean isFailFast() {
            return failFast;
        }

        boolean isWanted() {
            return when == null || when.holds();
        }
    }

    /** {@code stages} and {@code parallel}: nothing but stages. */
    static final class Stages extends Words {
        private final List<StageDirectives> found = new ArrayList<>();

        Stages(JenkinsfileBase script, String name) {
            super(script, name, "stage");
        }

        public void stage(String name, Closure<?> body) throws AbortException {
            StageDirectives stage = new StageDirectives(script(), name);
            stage.read(body);
            stage.check();
            found.add(stage);
        }
    }

    /** {@code agent { ... }}. */
    static final class Agent extends Words {
        Agent(JenkinsfileBase script) {
            super(script, "agent", "label", "node");
        }

        public void label(String name) {}

        public void node(Closure<?> body) {
            read(body);
        }
    }

    /** {@code options { ... }}. */
    static final class Options extends Words {
        /** Null for none. */
        private Arguments timeout;

        /** 0 for none. */
        private int retry;

        Options(JenkinsfileBase script) {
            super(script, "options", "retry", "timeout");
        }

        public void retry(int count) {
            retry = count;
        }

        public void timeout(Map<String, Object> arguments) throws AbortException {
            timeout = Arguments.of(script(), "timeout", arguments, "time", "unit");
        }
    }

    /** {@code post { ... }}. */
    static final class Post extends Words {
        static final List<String> IN_ORDER =
                List.of("always", "aborted", "failure", "success", "unstable", "unsuccessful", "cleanup");

        private final Map<String, Closure<?>> conditions;

        Post(JenkinsfileBase script, Map<String, Closure<?>> conditions) {
            super(script, "post", IN_ORDER.toArray(String[]::new));
            this.conditions = conditions;
        }

        @Override
        Object word(String name, Object[] arguments) throws AbortException {
            if (IN_ORDER.contains(name) && arguments.length == 1 && arguments[0] instanceof Closure<?> body) {
                return conditions.put(name, asScript(body));
            }
            return super.word(name, arguments);
        }

        static boolean holds(String condition, Result result) {
            return switch (condition) {
                case "aborted" -> result == Result.ABORTED;
                case "failure" -> result == Result.FAILURE;
                case "success" -> result == Result.SUCCESS;
                case "unstable" -> result == Result.UNSTABLE;
                case "unsuccessful" -> result != Result.SUCCESS;
                default -> true;
            };
        }
    }

    /** {@code environment { NAME = value }}: takes the assignments; anything else is the script's. */
    static final class Environment extends GroovyObjectSupport {
        private final JenkinsfileBase script;
        private final Map<String, String> variables;

        Environment(JenkinsfileBase script, Map<String, String> variables) {
            this.script = script;
            this.variables = variables;
        }

        @Override
        public void setProperty(String name, Object value) {
            variables.put(name, String.valueOf(value));
        }

        @Override
        public Object getProperty(String name) {
            return variables.containsKey(name) ? variables.get(name) : script.getProperty(name);
        }

        @Override
        public Object invokeMethod(String name, Object arguments) {
            return script.invokeMethod(name, arguments);
        }
    }
}
