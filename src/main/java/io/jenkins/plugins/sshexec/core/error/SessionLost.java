package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The session ended while it was needed. Only in {@link Stage#RUN} something may have run. */
public final class SessionLost extends SshException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    public SessionLost(Endpoint endpoint, Stage stage, String detail, Throwable cause) {
        super(endpoint, stage, "session lost (" + stage + "): " + detail, cause);
        this.detail = detail;
    }

    public String detail() {
        return detail;
    }

    @Override
    public boolean isSafeToRepeat() {
        return !stage().commandMayHaveRun();
    }
}
