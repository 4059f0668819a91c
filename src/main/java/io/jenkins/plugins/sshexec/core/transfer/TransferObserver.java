package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SshException;

/** Told how a transfer comes along, for the build log. Never called at the same time, apart from {@link #progress}; must not throw. */
public interface TransferObserver {

    /** All sessions that the transfer may use are in use. @param placeInLine 1 for the first in line */
    void waiting(int placeInLine);

    /** The host has been paused by an administrator; the transfer waits until it is resumed. */
    void paused();

    /** The host turned the connect away; it is tried again. */
    void connectingAgain(SshException failure);

    /** A session is at hand. @param reusedSession whether it had been opened before */
    void starting(boolean reusedSession);

    /** The session was lost; what is left is copied on another one. */
    void retrying(SshException failure);

    /** Every few seconds while files are copied. */
    void progress(TransferProgress progress);
}
