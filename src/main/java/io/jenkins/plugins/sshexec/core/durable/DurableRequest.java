package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A durable command, to be started or to be found again.
 *
 * @param holder who wants it
 * @param id names the command's folder; random, and never used for another command
 * @param directory on the host, of the folders of all commands; empty for {@code .jenkins-ssh-exec} in the user's home directory
 * @param command for the user's login shell; empty for a command that was started before
 * @param startTimeout for opening a channel and for the answer to the exec request
 * @param limits as they were for the whole command
 * @param from what the caller has of the output already
 * @param elapsed of the total limit, for a command that was started before
 * @param silent of the idle limit, likewise
 */
public record DurableRequest(
        SessionSpec spec,
        LeaseHolder holder,
        UUID id,
        Optional<String> directory,
        Optional<byte[]> command,
        Duration startTimeout,
        ExecLimits limits,
        Offsets from,
        Duration elapsed,
        Duration silent) {

    /** A command that is to be started. */
    public static DurableRequest toStart(
            SessionSpec spec,
            LeaseHolder holder,
            UUID id,
            Optional<String> directory,
            byte[] command,
            Duration startTimeout,
            ExecLimits limits) {
        return new DurableRequest(
                spec,
                holder,
                id,
                directory,
                Optional.of(command),
                startTimeout,
                limits,
                Offsets.NONE,
                Duration.ZERO,
                Duration.ZERO);
    }

    /** Without the command, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "DurableRequest[" + id + " on " + spec + "]";
    }
}
