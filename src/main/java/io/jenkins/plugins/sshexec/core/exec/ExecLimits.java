package io.jenkins.plugins.sshexec.core.exec;

import java.time.Duration;
import java.util.Optional;

/**
 * After how long a command is ended that has not ended by itself.
 *
 * @param idle without a byte of output; begins with the exec request
 * @param total from the call on, waiting and connecting included
 */
public record ExecLimits(Optional<Duration> idle, Optional<Duration> total) {

    /** As long as it takes. */
    public static final ExecLimits NONE = new ExecLimits(Optional.empty(), Optional.empty());
}
