package io.jenkins.plugins.sshexec.core.launch;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import java.time.Duration;

/**
 * One command for one server, with what goes with it.
 *
 * @param holder who wants it
 * @param startTimeout for opening the channel and for the answer to the exec request
 */
public record LaunchRequest(
        SessionSpec spec,
        LeaseHolder holder,
        Program program,
        CommandSetting setting,
        Duration startTimeout,
        ExecLimits limits) {

    /** Without the command, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "LaunchRequest[" + spec + ", " + setting + "]";
    }
}
