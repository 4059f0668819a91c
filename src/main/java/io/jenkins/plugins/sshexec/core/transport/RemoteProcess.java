package io.jenkins.plugins.sshexec.core.transport;

import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A command that the server has been asked to run, on its own channel. Thread-safe. */
public interface RemoteProcess extends AutoCloseable {

    /**
     * How the command ended. Completes after the last byte of output has been given to the sink, and when no {@link
     * #signal} is under way; on the session's reader thread, or the one that sends the signal or closes the channel.
     * Exceptionally with an {@link io.jenkins.plugins.sshexec.core.error.SshException} where the channel ended without
     * saying how the command did, where the session ended before all of the output had come, or where the sink refused output.
     */
    CompletableFuture<RemoteExit> exit();

    /**
     * The command's stdin. Writing blocks the calling thread while the server takes no more, until the channel is over;
     * it fails from then on. Closing it ends the input; it must be closed where the command {@linkplain
     * RemoteCommand#readsInput reads} any.
     */
    OutputStream stdin();

    /**
     * Asks the server to signal the command (RFC 4254 section 6.9). May block, until the command ends or for as long as its
     * start was allowed to take.
     *
     * @param name without SIG, such as {@code TERM}
     * @return false where the server says no, as OpenSSH does before 7.9, later for forced commands and, where it does not
     *     separate privileges, for root; or where the command had ended before
     */
    boolean signal(String name);

    /** Closes the channel without waiting; a command that still runs stays alive on the server. Idempotent. */
    @Override
    void close();
}
