package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/**
 * The server lets no further channel be opened on this session (MaxSessions in sshd_config(5), RFC 4254 section 5.1).
 * The session itself stays in use.
 */
public final class ChannelRefused extends SshException {
    private static final long serialVersionUID = 1L;

    public ChannelRefused(Endpoint endpoint, String detail) {
        super(endpoint, Stage.CHANNEL, "channel refused: " + detail, null);
    }

    @Override
    public boolean isSafeToRepeat() {
        return true;
    }
}
