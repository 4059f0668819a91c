package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The server showed an OpenSSH host certificate that is not good: expired, for another host, of another authority ... */
public final class HostCertificateRefused extends SshException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    public HostCertificateRefused(Endpoint endpoint, String detail, Throwable cause) {
        super(endpoint, Stage.HOST_KEY, "host certificate refused: " + detail, cause);
        this.detail = detail;
    }

    public String detail() {
        return detail;
    }
}
