package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import java.time.Duration;
import java.util.Optional;

/**
 * One command for one server.
 *
 * @param holder who wants it
 * @param startTimeout for opening the channel and for the answer to the exec request
 * @param input given exactly where the command {@linkplain RemoteCommand#readsInput reads} any
 */
public record ExecRequest(
        SessionSpec spec,
        LeaseHolder holder,
        RemoteCommand command,
        Duration startTimeout,
        ExecLimits limits,
        Optional<CommandInput> input) {

    public ExecRequest {
        if (command.readsInput() != input.isPresent()) {
            throw new IllegalArgumentException("A command that reads its input needs one, and no other command does.");
        }
    }

    /** A command with an empty stdin. */
    public ExecRequest(
            SessionSpec spec, LeaseHolder holder, RemoteCommand command, Duration startTimeout, ExecLimits limits) {
        this(spec, holder, command, startTimeout, limits, Optional.empty());
    }
}
