package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.time.Duration;

/**
 * The command took longer than its caller allows, or wrote nothing for too long, and was ended. In stages before {@link
 * Stage#RUN} it was not sent.
 */
public final class CommandTimeout extends SshException {
    private static final long serialVersionUID = 1L;

    private final boolean idle;
    private final Duration limit;

    /** @param idle whether the limit is that of silence, rather than that in total */
    public CommandTimeout(Endpoint endpoint, Stage stage, boolean idle, Duration limit) {
        super(endpoint, stage, (idle ? "no output for " : "not ended within ") + limit, null);
        this.idle = idle;
        this.limit = limit;
    }

    public boolean idle() {
        return idle;
    }

    public Duration limit() {
        return limit;
    }

    @Override
    public boolean isSafeToRepeat() {
        return !stage().commandMayHaveRun();
    }
}
