package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;

/** There was no session to run a command on, and nothing was run: the same command may be tried again. */
public final class ConnectionFailure extends AbortException {

    private static final long serialVersionUID = 1L;

    ConnectionFailure(String message) {
        super(message);
    }
}
