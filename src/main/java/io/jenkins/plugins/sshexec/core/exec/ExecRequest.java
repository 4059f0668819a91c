package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.time.Duration;

/**
 * One command for one server.
 *
 * @param command the bytes that the remote login shell reads, as OpenSSH sends them for {@code ssh host command}
 * @param startTimeout for opening the channel and sending the exec request
 */
public record ExecRequest(SessionSpec spec, byte[] command, Duration startTimeout) {

    public ExecRequest {
        if (command.length > SshSession.MAX_COMMAND_BYTES) {
            throw new IllegalArgumentException(
                    "The command has " + command.length + " bytes; at most " + SshSession.MAX_COMMAND_BYTES + " fit.");
        }
        command = command.clone();
    }

    @Override
    public byte[] command() {
        return command.clone();
    }

    /** Without the command, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "ExecRequest[" + spec + "]";
    }
}
