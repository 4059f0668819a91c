package io.jenkins.plugins.sshexec.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import hudson.model.Result;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.Test;

/** What is saved with a build of a durable command that is to end. */
class DurableStepExecutionTest {

    /** As a step of another plugin may have it. */
    private static final class Unserializable extends Exception {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused")
        private final Object about = new Object();

        Unserializable() {
            super("gone");
        }
    }

    @Test
    void stepIsSavedWhateverItWasStoppedWith() throws Exception {
        DurableStepExecution execution = new DurableStepExecution(null, new SshExecStep("true"));
        execution.stop(new Unserializable());
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(saved)) {
            out.writeObject(execution);
        }
        assertThat(saved.toString()).contains("gone");
    }

    @Test
    void interruptionStaysTheOneThatItIsAndAnotherCauseItsText() {
        FlowInterruptedException interruption = new FlowInterruptedException(Result.ABORTED);
        assertThat(DurableStepExecution.fitToBeSaved(interruption)).isSameAs(interruption);
        assertThat(DurableStepExecution.fitToBeSaved(new Unserializable()))
                .isInstanceOf(AbortException.class)
                .hasMessageEndingWith("Unserializable: gone");
    }
}
