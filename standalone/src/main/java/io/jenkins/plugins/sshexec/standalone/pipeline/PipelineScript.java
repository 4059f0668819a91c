package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import hudson.AbortException;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import java.util.Map;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.runtime.StackTraceUtils;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * A Jenkinsfile, scripted or declarative, that the embedded controller can run. Groovy compiles it; its words are the
 * methods of {@link JenkinsfileBase} and the steps of the plugin. It runs on the caller's thread, not sandboxed, with a
 * thread of its own for each branch of {@code parallel}; nothing of it survives the process.
 */
public final class PipelineScript {
    private final String name;
    private final String text;

    /** @param name by which messages and stack traces call the file */
    public PipelineScript(String name, String text) {
        // A class is named after it, and is what stack traces show.
        this.name = name.replaceAll("\\W", "_");
        this.text = text;
    }

    /** Runs it as one build, to the end: {@code listener} gets the log as Jenkins's console shows it. */
    public Result run(EmbeddedRun run, TaskListener listener, Map<String, String> environment) {
        PipelineBuild build = new PipelineBuild(run, listener, name, environment);
        Queue.Task job = run.getParent();
        listener.getLogger().println("[Pipeline] Start of Pipeline");
        Throwable failure = null;
        try (ACLContext asJob = ACL.as2(Tasks.getAuthenticationOf2(job))) {
            compiled(build).run();
        } catch (Throwable t) { // whatever ends the script is the build's failure
            failure = t;
        }
        listener.getLogger().println("[Pipeline] End of Pipeline");
        if (failure != null) {
            run.setResult(report(failure, build));
        }
        run.setResult(Result.SUCCESS);
        run.ended();
        listener.getLogger().println("Finished: " + run.getResult());
        return run.getResult();
    }

    private JenkinsfileBase compiled(PipelineBuild build) throws CompilationFailedException {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(JenkinsfileBase.class.getName());
        configuration.addCompilationCustomizers(new OwnWordsCustomizer());
        Binding binding = new Binding();
        binding.setVariable("out", build.listener().getLogger());
        GroovyShell shell = new GroovyShell(PipelineScript.class.getClassLoader(), binding, configuration);
        JenkinsfileBase script = (JenkinsfileBase) shell.parse(text, name);
        script.bind(build);
        return script;
    }

    /** Says in the log what Jenkins would say of this failure. */
    static Result report(Throwable failure, PipelineBuild build) {
        TaskListener listener = build.listener();
        if (failure instanceof FlowInterruptedException interrupted) {
            interrupted.handle(build.run(), listener);
            return interrupted.getResult();
        }
        if (failure instanceof AbortException) {
            listener.error(failure.getMessage());
        } else {
            StackTraceUtils.deepSanitize(failure).printStackTrace(listener.getLogger());
        }
        return Result.FAILURE;
    }
}
