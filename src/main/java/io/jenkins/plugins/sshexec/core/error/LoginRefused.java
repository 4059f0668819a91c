package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The server did not accept the user and credentials. Never retried: servers lock out or penalise the controller. */
public final class LoginRefused extends SshException {
    private static final long serialVersionUID = 1L;

    private final String user;
    private final String detail;

    /** @param detail what was tried and what the server says it would accept */
    public LoginRefused(Endpoint endpoint, String user, String detail, Throwable cause) {
        super(endpoint, Stage.LOGIN, "login refused for " + user + ": " + detail, cause);
        this.user = user;
        this.detail = detail;
    }

    public String user() {
        return user;
    }

    public String detail() {
        return detail;
    }
}
