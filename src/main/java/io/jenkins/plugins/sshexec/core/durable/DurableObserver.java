package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;

/**
 * Told how a durable command comes along: as {@link ExecObserver} until it runs, and then of its connection. Never called by
 * two threads at the same time; must not throw.
 */
public interface DurableObserver extends ExecObserver {

    /** The command runs, or has; from now on it can be found by its id. */
    void launched();

    /** The command is not followed for now, and tried to be found again. Once for each time that it was followed. */
    void lost(SshException failure);

    /** It is followed again after {@link #lost}, or for the first time where it was started before. */
    void found();

    /** It has ended, and the disk of its host was full then, so that output may be missing. */
    void diskWasFull();

    /** All of its output is there, and its folder is about to be removed. */
    void ended(RemoteExit exit);
}
