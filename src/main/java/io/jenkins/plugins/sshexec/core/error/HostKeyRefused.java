package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;

/** The host key policy refused the server. */
public final class HostKeyRefused extends SshException {
    private static final long serialVersionUID = 1L;

    private final transient HostKey offered;
    private final transient HostKeyVerdict.Refused verdict;

    public HostKeyRefused(Endpoint endpoint, HostKey offered, HostKeyVerdict.Refused verdict) {
        super(endpoint, Stage.HOST_KEY, "host key " + offered + " refused (" + verdict.cause() + ")", null);
        this.offered = offered;
        this.verdict = verdict;
    }

    public HostKey offered() {
        return offered;
    }

    public HostKeyVerdict.Refused verdict() {
        return verdict;
    }
}
