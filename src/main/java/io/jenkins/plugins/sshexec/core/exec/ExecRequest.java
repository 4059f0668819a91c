package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import java.time.Duration;

/**
 * One command for one server.
 *
 * @param holder who wants it
 * @param startTimeout for opening the channel and for the answer to the exec request
 */
public record ExecRequest(
        SessionSpec spec, LeaseHolder holder, RemoteCommand command, Duration startTimeout, ExecLimits limits) {}
