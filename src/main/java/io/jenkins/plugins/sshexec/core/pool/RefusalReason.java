package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostCertificateRefused;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
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
        if (failure instanceof PoolTimeout) {
            return WAIT_TIMEOUT;
        }
        if (failure instanceof ConnectFailed
                || failure instanceof ConnectTimeout
                || failure instanceof HostUnavailable) {
            return UNREACHABLE;
        }
        if (failure instanceof HostKeyRefused || failure instanceof HostCertificateRefused) {
            return HOST_KEY;
        }
        if (failure instanceof LoginRefused || failure instanceof UnusableKey) {
            return LOGIN;
        }
        return failure instanceof PoolClosed ? SHUTDOWN : OTHER;
    }
}
