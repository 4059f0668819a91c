package io.jenkins.plugins.sshexec.credentials;

import hudson.AbortException;

/** No login can be made of the credentials that were asked for; the message is one sentence for the build log. */
public final class UnusableCredentialsException extends AbortException {

    private static final long serialVersionUID = 1L;

    UnusableCredentialsException(String message) {
        super(message);
    }
}
