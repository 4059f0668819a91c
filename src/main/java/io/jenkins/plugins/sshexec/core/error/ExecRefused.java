package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The server opened a channel, but refused the exec request (RFC 4254 section 6.5): no command ran. */
public final class ExecRefused extends SshException {
    private static final long serialVersionUID = 1L;

    public ExecRefused(Endpoint endpoint, String detail) {
        super(endpoint, Stage.CHANNEL, "exec request refused: " + detail, null);
    }
}
