package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import java.time.Duration;

/**
 * What became of a command that was run to its end.
 *
 * @param duration from just before the exec request to the end of the channel
 * @param reusedSession whether the session was open: for an earlier command, or kept ready
 */
public record ExecResult(RemoteExit exit, Duration duration, boolean reusedSession) {}
