package io.jenkins.plugins.sshexec.freestyle;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.AbstractBuild;
import hudson.model.Computer;
import hudson.model.Run;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** What the build steps have in common: a build with variables, and with a thread of its own, which waits. */
final class WaitingBuild {

    private WaitingBuild() {}

    /**
     * The variables of the build: its parameters, what build wrappers and other plugins add, and what Jenkins says of it.
     * Left to the remote shell are the variables of the machine, whose {@code HOME} and {@code PATH} mean nothing there.
     */
    static Map<String, String> variables(Run<?, ?> run, EnvVars env) throws IOException, InterruptedException {
        Map<String, String> variables = new HashMap<>(env);
        if (run instanceof AbstractBuild<?, ?> build) {
            Computer computer = Computer.currentComputer();
            if (computer != null) {
                variables.entrySet().removeAll(computer.getEnvironment().entrySet());
            }
            variables.putAll(build.getBuildVariables());
        }
        return variables;
    }

    /** Interrupting the thread ends what is waited for. */
    static <T> T await(Function<Cancellation, CompletableFuture<T>> begin) throws InterruptedException, IOException {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<T> future = begin.apply(cancellation);
        try {
            return future.get();
        } catch (InterruptedException e) {
            cancellation.cancel();
            // The last output belongs into this build's log, which is closed once this method has returned.
            future.exceptionally(failure -> null).join();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AbortException abort) {
                throw abort;
            }
            throw new IOException(e.getCause());
        }
    }
}
