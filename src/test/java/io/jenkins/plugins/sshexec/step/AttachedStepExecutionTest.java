package io.jenkins.plugins.sshexec.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttachedStepExecutionTest {

    @Test
    void hostIsNamedWhereTheStepHasOneAndNowhereElse() {
        SshExecStep step = new SshExecStep("true");
        assertThat(new SshExecStepExecution(null, step).getStatus()).isEqualTo("waiting for the command on the host");
        assertThat(new SshExecStepExecution(null, step).restarted()).contains("it may still be running on the host.");
        assertThat(new DurableStepExecution(null, step).getStatus())
                .isEqualTo("following the durable command on the host");
        step.setHost("web1");
        assertThat(new SshExecStepExecution(null, step).restarted()).contains("it may still be running on web1.");
    }
}
