package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import hudson.model.Result;
import io.jenkins.plugins.sshexec.standalone.pipeline.Directives.PipelineDirectives;
import io.jenkins.plugins.sshexec.standalone.pipeline.Directives.StageDirectives;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * One declarative {@code pipeline}. As in Jenkins its directives are all read, and mistakes among them found, before anything
 * runs; then the stages run in order until one fails, and the {@code post} conditions that hold.
 */
final class DeclarativePipeline {
    private final JenkinsfileBase script;
    private final PipelineBuild build;
    private final Blocks blocks;

    DeclarativePipeline(JenkinsfileBase script) {
        this.script = script;
        this.build = script.build();
        this.blocks = script.blocks();
    }

    void run(Closure<?> body) throws Exception {
        PipelineDirectives pipeline = new PipelineDirectives(script);
        pipeline.read(body);
        pipeline.check();
        around(pipeline, () -> {
                    withPost(pipeline, "Declarative: Post Actions", () -> stages(pipeline.stages()));
                    return null;
                })
                .call();
    }

    /** Puts the node, the options and the environment of a pipeline or stage around what is in it. */
    private Callable<?> around(Directives directives, Callable<?> body) {
        Callable<?> inner = () -> {
            Map<String, String> variables = directives.environment();
            return variables.isEmpty() ? body.call() : blocks.withEnv(settings(variables), body);
        };
        Callable<?> onNode = directives.wantsNode() ? () -> blocks.node(inner) : inner;
        Callable<?> bounded =
                directives.timeout() == null ? onNode : () -> blocks.timeout(directives.timeout(), onNode);
        return directives.retry() == 0 ? bounded : () -> blocks.retry(directives.retry(), List.of(), bounded);
    }

    private static List<String> settings(Map<String, String> variables) {
        List<String> settings = new ArrayList<>();
        variables.forEach((name, value) -> settings.add(name + "=" + value));
        return settings;
    }

    /** All stages in order; when one has failed, the others only say that they are left out. */
    private void stages(List<StageDirectives> stages) throws Exception {
        Exception failure = null;
        for (StageDirectives stage : stages) {
            try {
                stage(stage, failure != null);
            } catch (Exception e) { // the first failure is the pipeline's, once every stage has been named
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void stage(StageDirectives stage, boolean leftOut) throws Exception {
        blocks.named("stage", stage.name(), () -> {
            if (leftOut) {
                build.say("Stage \"" + stage.name() + "\" skipped due to earlier failure(s)");
            } else if (!stage.isWanted()) {
                build.say("Stage \"" + stage.name() + "\" skipped due to when conditional");
            } else {
                around(stage, () -> {
                            withPost(stage, null, () -> content(stage));
                            return null;
                        })
                        .call();
            }
            return null;
        });
    }

    private void content(StageDirectives stage) throws Exception {
        if (stage.steps() != null) {
            stage.steps().call();
        } else if (stage.parallel() != null) {
            Map<String, Callable<?>> branches = new LinkedHashMap<>();
            for (StageDirectives branch : stage.parallel()) {
                branches.put(branch.name(), () -> {
                    stage(branch, false);
                    return null;
                });
            }
            new ParallelBranches(build, blocks).run(branches, stage.isFailFast());
        } else {
            stages(stage.stages());
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    /** Runs the body and then its {@code post}, whose own failure only counts where the body had none. */
    private void withPost(Directives directives, String stageOfItsOwn, Body body) throws Exception {
        Exception failure = null;
        try {
            body.run();
        } catch (Exception e) { // thrown on below, after the post conditions
            failure = e;
        }
        Result result = result(failure);
        List<Closure<?>> actions = directives.post(result);
        if (!actions.isEmpty()) {
            try {
                runPost(actions, stageOfItsOwn);
            } catch (Exception e) {
                if (failure == null) {
                    throw e;
                }
                build.say("Error when executing post conditions:");
                PipelineScript.report(e, build);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void runPost(List<Closure<?>> actions, String stageOfItsOwn) throws Exception {
        Callable<?> all = () -> {
            actions.forEach(Closure::call);
            return null;
        };
        // What a timeout has stopped ends, but its post conditions still run.
        Callable<?> after = () -> build.inScope(build.scope().stoppedBy(new Interruption(null)), all);
        if (stageOfItsOwn == null) {
            after.call();
        } else {
            build.inScope(
                    build.scope().stoppedBy(new Interruption(null)), () -> blocks.named("stage", stageOfItsOwn, after));
        }
    }

    private Result result(Exception failure) {
        Result soFar = build.run().getResult();
        if (failure instanceof FlowInterruptedException stopped) {
            return stopped.getResult();
        }
        if (failure != null) {
            return Result.FAILURE;
        }
        return soFar == null ? Result.SUCCESS : soFar;
    }
}
