package io.jenkins.plugins.sshexec.core.transport;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.time.Duration;

/** A logged-in connection to a server, on which channels are opened. Thread-safe. */
public interface SshSession extends AutoCloseable {

    /** Whether the connection is up as far as is known here; a cut on the way is noticed only by {@link #check}. */
    boolean isOpen();

    /**
     * Asks the server for a sign of life and waits for it; blocks the calling thread for a round trip.
     *
     * @return false where none came within {@code timeout} or the connection is down; the session is of no use then
     * @throws java.util.concurrent.CancellationException if cancelled
     */
    boolean check(Duration timeout, Cancellation cancellation);

    /**
     * Opens a channel and sends the exec request (RFC 4254 section 6.5) once; blocks the calling thread for one or two
     * round trips.
     *
     * @param output gets the bytes on the session's reader thread; see {@link OutputSink}
     * @param timeout for opening the channel and for the answer to the request
     * @param cancellation before the request has left: breaks the call off. Afterwards the call returns a moment later,
     *     with a process whose channel is closed if there is no answer by then. Cancelling blocks for that moment.
     * @throws SshException whose stage says whether the request may have left. After an {@link
     *     io.jenkins.plugins.sshexec.core.error.ExecRefused} the channel may still count on the server: the
     *     session should take no further commands.
     * @throws java.util.concurrent.CancellationException if cancelled before the request left
     */
    RemoteProcess start(RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation)
            throws SshException;

    /**
     * Opens a channel for files: the subsystem {@code sftp} (RFC 4254 section 6.5). Blocks the calling thread for a few
     * round trips.
     *
     * @param timeout for opening the channel, and for the answer to the request
     * @param cancellation breaks the call off. Cancelling blocks for a moment, where the server does not answer. The session
     *     should not be used again then.
     * @throws io.jenkins.plugins.sshexec.core.error.SftpRefused where the server has no files for this user
     * @throws java.util.concurrent.CancellationException if cancelled
     */
    RemoteFiles openFiles(Duration timeout, Cancellation cancellation) throws SshException;

    /**
     * Opens a channel and closes it again without a request: whether a command could be begun, without beginning one.
     * Blocks the calling thread for a round trip.
     *
     * @param timeout for the server's answer
     */
    void tryChannel(Duration timeout) throws SshException;

    /** What was negotiated. */
    SessionFacts facts();

    /** Closes the connection and with it all channels; never blocks on the network, never throws. Idempotent. */
    @Override
    void close();
}
