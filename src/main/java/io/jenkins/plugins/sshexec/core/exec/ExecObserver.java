package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.SshException;
import java.util.List;

/**
 * Told how a command comes along, for the build log. Called in this order, from the start again after {@link #retrying},
 * never at the same time; must not throw.
 */
public interface ExecObserver {

    /**
     * All sessions that the command may use are in use.
     *
     * @param placeInLine 1 for the first in line
     */
    void waiting(int placeInLine);

    /** The host has been paused by an administrator; the command waits until it is resumed. Called for each pause. */
    void paused();

    /**
     * The host turned the connect away, as a server does that is overloaded or being restarted; it is tried again.
     *
     * @param failure how the first try ended
     */
    void connectingAgain(SshException failure);

    /**
     * A session is at hand and the command is about to be sent.
     *
     * @param reusedSession as in {@link ExecResult}
     */
    void starting(boolean reusedSession);

    /** That session failed before the command was sent, so the command is tried on another one. */
    void retrying(SshException failure);

    /**
     * The command was to be ended, but these of its processes are still there.
     *
     * @param processes {@code pid command line} of each
     */
    void survived(List<String> processes);

    /** The command was to be ended, but the server did not say that it has. */
    void mayStillRun();
}
