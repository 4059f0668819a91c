package io.jenkins.plugins.sshexec.hosts;

import hudson.AbortException;

/** A named host cannot be used as it is configured; the message is one sentence for the build log. */
public final class UnfitHostException extends AbortException {

    private static final long serialVersionUID = 1L;

    UnfitHostException(String message) {
        super(message);
    }
}
