package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import hudson.AbortException;
import hudson.model.Descriptor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.structs.describable.CustomDescribableModel;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Calls the plugin's steps as a Jenkinsfile has them: makes the step of its arguments, starts it, waits for its end. */
final class StepCaller {
    private final PipelineBuild build;
    private final Blocks blocks;

    StepCaller(PipelineBuild build, Blocks blocks) {
        this.build = build;
        this.blocks = blocks;
    }

    Object call(StepDescriptor descriptor, Object[] given) throws Exception {
        build.scope().interruption().check();
        String word = descriptor.getFunctionName();
        Closure<?> block = descriptor.takesImplicitBlockArgument() ? block(word, given) : null;
        Step step =
                (Step) instantiate(word, descriptor, block == null ? given : Arrays.copyOf(given, given.length - 1));
        build.announce(word);
        EmbeddedStepContext context = new EmbeddedStepContext(build, block);
        descriptor.checkContextAvailability(context);
        StepExecution execution = step.start(context);
        if (execution.start() && !context.result().isDone()) {
            throw new IllegalStateException("The step said that it had ended, but gave no result: " + execution);
        }
        context.takeBody().ifPresent(body -> body.run(word, blocks));
        return build.scope().interruption().await(context.result(), cause -> stop(execution, cause));
    }

    private Closure<?> block(String word, Object[] given) throws AbortException {
        if (given.length > 0 && given[given.length - 1] instanceof Closure<?> block) {
            return block;
        }
        throw new AbortException(build.atLine() + word + " step must be called with a body");
    }

    private static void stop(StepExecution execution, FlowInterruptedException cause) {
        try {
            execution.stop(cause);
        } catch (Exception e) { // as in Jenkins: a step that cannot stop fails with that
            e.addSuppressed(cause);
            execution.getContext().onFailure(e);
        }
    }

    /** The describable whose descriptor bears this symbol, made of the arguments; empty where there is none. */
    Optional<Object> describable(String symbol, Object[] given) throws AbortException {
        for (Descriptor<?> descriptor : Jenkins.get().getExtensionList(Descriptor.class)) {
            Symbol marked = descriptor.getClass().getAnnotation(Symbol.class);
            if (marked != null && Arrays.asList(marked.value()).contains(symbol)) {
                return Optional.of(instantiate(symbol, descriptor, given));
            }
        }
        return Optional.empty();
    }

    private Object instantiate(String word, Descriptor<?> descriptor, Object[] given) throws AbortException {
        DataBinder binder = new DataBinder(word, descriptor.clazz);
        try {
            Map<String, Object> named = named(binder, given);
            return binder.bind(
                    descriptor instanceof CustomDescribableModel model ? model.customInstantiate(named) : named);
        } catch (IllegalArgumentException | ClassCastException e) {
            AbortException problem = new AbortException(build.atLine() + e.getMessage());
            problem.initCause(e);
            throw problem;
        }
    }

    /** Arguments by name, or the one that the step cannot do without. */
    private static Map<String, Object> named(DataBinder binder, Object[] given) {
        Map<String, Object> named = new LinkedHashMap<>();
        if (given.length == 1 && given[0] instanceof Map<?, ?> map) {
            map.forEach((name, value) -> named.put(String.valueOf(name), value));
        } else if (given.length == 1) {
            named.put(binder.soleRequired(), given[0]);
        } else if (given.length > 1) {
            throw new IllegalArgumentException("expected named arguments but got " + Arguments.describe(given));
        }
        return named;
    }
}
