package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The pool is shut down: Jenkins is stopping, or the plugin is being replaced. */
public final class PoolClosed extends SshException {
    private static final long serialVersionUID = 1L;

    public PoolClosed(Endpoint endpoint) {
        super(endpoint, Stage.WAITING, "the session pool is shut down", null);
    }
}
