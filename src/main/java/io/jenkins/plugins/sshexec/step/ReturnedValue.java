package io.jenkins.plugins.sshexec.step;

import hudson.AbortException;
import io.jenkins.plugins.sshexec.call.CallResult;
import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import java.util.concurrent.CompletableFuture;

/** What a step gives back to the Pipeline. */
enum ReturnedValue {
    /** Null; an exit status other than 0 fails the step. */
    NOTHING(Returned.NOTHING),
    /** As text; an exit status other than 0 fails the step. */
    STDOUT(Returned.STDOUT),
    /** The exit status, of which none fails the step. */
    STATUS(Returned.NOTHING),
    /** An {@link SshExecResult}, of which none fails the step. */
    RESULT(Returned.ALL_OUTPUT);

    private final Returned output;

    ReturnedValue(Returned output) {
        this.output = output;
    }

    /** The output that is needed for it. */
    Returned output() {
        return output;
    }

    /** Whether no exit status fails the step. */
    boolean takesAnyStatus() {
        return this == STATUS || this == RESULT;
    }

    /** As {@link #of}, with the failure in the future. */
    CompletableFuture<Object> promise(CallResult result) {
        try {
            return CompletableFuture.completedFuture(of(result));
        } catch (AbortException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** @throws AbortException where the result fails the step */
    Object of(CallResult result) throws AbortException {
        if (this == RESULT) {
            return new SshExecResult(result);
        }
        if (this == STATUS) {
            return result.status();
        }
        result.requireSuccess();
        return this == STDOUT ? result.stdout() : null;
    }
}
