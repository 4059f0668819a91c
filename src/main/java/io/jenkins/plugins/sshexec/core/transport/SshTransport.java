package io.jenkins.plugins.sshexec.core.transport;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.time.Duration;

/** Opens sessions. The one thing the pool needs from an SSH library. Thread-safe. */
public interface SshTransport {

    /**
     * Connects, checks the host key and logs in; blocks the calling thread meanwhile.
     *
     * @param timeout for all stages together, from name look-up to login
     * @param cancellation ends the attempt at once, by closing its socket
     * @throws SshException named by the stage that failed; nothing of the attempt is left then
     * @throws java.util.concurrent.CancellationException if cancelled
     */
    SshSession connect(SessionSpec spec, Duration timeout, Cancellation cancellation) throws SshException;
}
