package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** What was to be done on the host before the command could not be, so that the command was not run. */
public final class LaunchRefused extends SshException {
    private static final long serialVersionUID = 1L;

    /** What could not be done. */
    public enum Cause {
        /** The working directory cannot be entered. */
        DIRECTORY,
        /** The script's file cannot be written; the detail says why. */
        SCRIPT,
        /** Sudo wants a password, and there is none. */
        NO_PASSWORD,
        /** Sudo refused the password. */
        WRONG_PASSWORD,
        /** Sudo runs in a terminal alone. */
        NO_TERMINAL,
        /** There is no sudo. */
        NO_SUDO,
        /** Sudo did not do it; the detail says why. */
        SUDO,
        /** The host did not run the shell that launches the command; the detail has what it said instead. */
        SHELL
    }

    private final Cause refusedBy;
    private final String detail;

    /** @param detail in the words of the host's shell and tools; empty where these said nothing */
    public LaunchRefused(Endpoint endpoint, Cause refusedBy, String detail) {
        super(endpoint, Stage.CHANNEL, "not launched (" + refusedBy + "): " + detail, null);
        this.refusedBy = refusedBy;
        this.detail = detail;
    }

    public Cause refusedBy() {
        return refusedBy;
    }

    public String detail() {
        return detail;
    }
}
