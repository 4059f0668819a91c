package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.transport.SshSession;

/** The right to run one channel on one live session, until closed. Thread-safe. */
public interface SessionLease extends AutoCloseable {

    SshSession session();

    /** Whether the session was open: for an earlier lease, or kept ready. */
    boolean reused();

    /** The session is to be closed, once its last lease is, rather than used again. */
    void retire(RetireReason reason);

    /**
     * The server refused a further channel on this session (MaxSessions): from now on the host's sessions carry no more
     * leases at once than this one does without this lease. Close the lease afterwards.
     */
    void channelRefused();

    /**
     * No further lease is given on the session until {@link #shareAgain}, or until this one is closed.
     *
     * @return whether there is no other lease on it now
     */
    boolean keepToItself();

    /** Takes one call of {@link #keepToItself} back. */
    void shareAgain();

    /** Gives the right back. Closing twice does nothing. */
    @Override
    void close();
}
