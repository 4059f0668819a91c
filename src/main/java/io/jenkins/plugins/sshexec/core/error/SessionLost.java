package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The session ended while it was needed. In stage {@link Stage#CHANNEL} nothing ran; in {@link Stage#RUN} it may have. */
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
