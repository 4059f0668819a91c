package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.time.Duration;

/** Connecting took longer than the connect timeout; the stage says what it was waiting for. */
public final class ConnectTimeout extends SshException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;

    public ConnectTimeout(Endpoint endpoint, Stage stage, Duration limit, Throwable cause) {
        super(endpoint, stage, "no connection within " + limit + " (" + stage + ")", cause);
        this.limit = limit;
    }

    public Duration limit() {
        return limit;
    }

    @Override
    public boolean isSafeToRepeat() {
        return true;
    }
}
