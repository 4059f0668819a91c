package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.sshexec.call.ControllerStopping;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What a build is told of a command that has come to its end. */
final class StepOutcome {

    private static final Logger LOGGER = Logger.getLogger(StepOutcome.class.getName());

    private StepOutcome() {}

    /**
     * Tells the build. The cause of a stop comes before whatever the command made of it. Where Jenkins stops, nothing is told:
     * the build is suspended and takes no answer; it gets one after the restart, from the step's {@code onResume}.
     *
     * @param value what the step returns, where it did not fail
     * @param stopCause why the build no longer wanted the step; null where it did
     */
    static void tell(
            StepContext context,
            @CheckForNull Throwable stopCause,
            @CheckForNull Object value,
            @CheckForNull Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ControllerStopping) {
            LOGGER.log(Level.FINE, cause, () -> "Left to the restart: " + context);
        } else if (stopCause != null) {
            context.onFailure(stopCause);
        } else if (cause != null) {
            context.onFailure(cause);
        } else {
            context.onSuccess(value);
        }
    }
}
