package io.jenkins.plugins.sshexec.core.transport;

import java.util.concurrent.CompletableFuture;

/** A command that the server has been asked to run, on its own channel. Thread-safe. */
public interface RemoteProcess extends AutoCloseable {

    /**
     * How the command ended. Completes after the last byte of output has been given to the sink, and when no {@link
     * #signal} is under way; on the session's reader thread, or the one that sends the signal or closes the channel.
     * Exceptionally with an {@link io.jenkins.plugins.sshexec.core.error.SshException} where the channel ended without
     * saying how the command did, or where the sink refused output.
     */
    CompletableFuture<RemoteExit> exit();

    /**
     * Asks the server to signal the command (RFC 4254 section 6.9). No answer comes: servers before OpenSSH 7.9 and some
     * set-ups of later ones ignore it. May block, until the command ends or for as long as its start was allowed to take.
     * Does nothing when the command has ended.
     *
     * @param name without SIG, such as {@code TERM}
     */
    void signal(String name);

    /** Closes the channel without waiting; a command that still runs stays alive on the server. Idempotent. */
    @Override
    void close();
}
