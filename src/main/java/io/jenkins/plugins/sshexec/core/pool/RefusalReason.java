package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.SshException;
import java.util.concurrent.CancellationException;

/** Why a lease that was asked for was not given; counted for each. */
public enum RefusalReason {
    /** No session became free in time. */
    WAIT_TIMEOUT,
    /** No connection could be made, or not in time. */
    UNREACHABLE,
    /** The host key policy did not accept the server. */
    HOST_KEY,
    /** The server did not accept the login, or the key of the credentials cannot be read. */
    LOGIN,
    /** The caller gave up: its build was aborted, or ran out of time. */
    CANCELLED,
    /** The pool was shut down. */
    SHUTDOWN,
    /** A defect, or something that has no reason of its own here. */
    OTHER;

    static RefusalReason of(Throwable failure) {
        if (failure instanceof CancellationException) {
            return CANCELLED;
        }
        if (failure instanceof SshException.PoolTimeout) {
            return WAIT_TIMEOUT;
        }
        if (failure instanceof SshException.ConnectFailed
                || failure instanceof SshException.ConnectTimeout
                || failure instanceof SshException.HostUnavailable) {
            return UNREACHABLE;
        }
        if (failure instanceof SshException.HostKeyRefused || failure instanceof SshException.HostCertificateRefused) {
            return HOST_KEY;
        }
        if (failure instanceof SshException.LoginRefused || failure instanceof SshException.UnusableKey) {
            return LOGIN;
        }
        return failure instanceof SshException.PoolClosed ? SHUTDOWN : OTHER;
    }
}
