package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.time.Duration;

/** No connection was tried, because the latest ones to this host all failed; another is tried in a moment. */
public final class HostUnavailable extends SshException {
    private static final long serialVersionUID = 1L;

    private final int failures;
    private final SshException lastFailure;
    private final Duration nextTryIn;

    /**
     * @param failures connects that failed in a row
     * @param lastFailure how the last of them did
     * @param nextTryIn when the next caller's connect is tried; zero where one is under way
     */
    public HostUnavailable(Endpoint endpoint, int failures, SshException lastFailure, Duration nextTryIn) {
        super(
                endpoint,
                Stage.WAITING,
                "not tried for " + nextTryIn + ", " + failures + " connects in a row failed, the last one so: "
                        + lastFailure.getMessage(),
                lastFailure);
        this.failures = failures;
        this.lastFailure = lastFailure;
        this.nextTryIn = nextTryIn;
    }

    public int failures() {
        return failures;
    }

    public SshException lastFailure() {
        return lastFailure;
    }

    public Duration nextTryIn() {
        return nextTryIn;
    }

    @Override
    public boolean isSafeToRepeat() {
        return true;
    }
}
