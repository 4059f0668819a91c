package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The server opened a channel, but has no SFTP for this user: no file was touched. */
public final class SftpRefused extends SshException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    public SftpRefused(Endpoint endpoint, String detail) {
        super(endpoint, Stage.CHANNEL, "sftp refused: " + detail, null);
        this.detail = detail;
    }

    public String detail() {
        return detail;
    }
}
