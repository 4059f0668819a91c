package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** A private key of the credentials cannot be read: wrong passphrase, or a format that is not supported. */
public final class UnusableKey extends SshException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    public UnusableKey(Endpoint endpoint, String detail, Throwable cause) {
        super(endpoint, Stage.LOGIN, "unusable private key: " + detail, cause);
        this.detail = detail;
    }

    public String detail() {
        return detail;
    }
}
