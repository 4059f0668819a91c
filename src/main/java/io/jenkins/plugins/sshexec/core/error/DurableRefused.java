package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The host cannot run durable commands as this user; nothing was run. */
public final class DurableRefused extends SshException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    /** @param detail in the words of the host's shell and tools; empty where these said nothing of use */
    public DurableRefused(Endpoint endpoint, String detail) {
        super(endpoint, Stage.CHANNEL, "no durable command: " + detail, null);
        this.detail = detail;
    }

    public String detail() {
        return detail;
    }
}
