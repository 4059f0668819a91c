package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;

/**
 * A command has failed because Jenkins stops, or while it does. Whoever goes on after the restart has nothing to report yet;
 * to others it is the failure that its message says.
 */
public final class ControllerStopping extends AbortException {

    private static final long serialVersionUID = 1L;

    ControllerStopping(String message) {
        super(message);
    }
}
