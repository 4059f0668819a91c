package io.jenkins.plugins.sshexec.core.transport;

import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A server's files, on one channel of a session (SFTP version 3, draft-ietf-secsh-filexfer-02). Used by one thread at a
 * time, the same one as far as possible; each call blocks it for a round trip or more, and however long the server takes.
 * Only {@link #close} may come from another thread, and ends what is under way.
 *
 * <p>Paths are as the server has them, with slashes; relative ones begin at the home directory. No character of theirs has a
 * special meaning.
 *
 * <p>Failures: a {@link TransferFailed} where the server says no, after which the files can be used on, except where that is
 * said; a {@link SessionLost} where the channel is over or cannot be trusted any more.
 */
public interface RemoteFiles extends AutoCloseable {

    /** Of as many names as a listing may have, on average. Longer than those of people and of most programs. */
    int NAME_LENGTH = 64;

    /** The absolute path without links and dots. Of a path that is not there, most servers tell it too. */
    String canonical(String path) throws SshException;

    /** What is there, where a link is a link; empty where nothing is. */
    Optional<RemoteFile> look(String path) throws SshException;

    /** What is there, where a link is what it leads to; empty where nothing is. */
    Optional<RemoteFile> follow(String path) throws SshException;

    /**
     * What is in a directory, in no order and without {@code .} and {@code ..}; links are links.
     *
     * @param most the call fails where there is more than that, or where the names have more than {@link #NAME_LENGTH}
     *     characters each on average: all of it is kept in memory
     */
    List<RemoteFile> list(String directory, int most) throws SshException;

    void makeDirectory(String path) throws SshException;

    /**
     * Writes a file, which is made where it is not there; a link is followed.
     *
     * @param offset 0 to write it anew; else what it is long, to write on behind that
     * @param content what comes from there on; not closed here
     * @throws IOException what {@code content} threw. After any failure of this call the files can only be closed.
     */
    void write(String path, long offset, InputStream content) throws IOException;

    /**
     * Reads a file to its end.
     *
     * @param content not closed here
     * @throws IOException what {@code content} threw. After any failure of this call the files can only be closed.
     */
    void read(String path, long offset, OutputStream content) throws IOException;

    /** Reads so many bytes, or less where the file ends before. */
    byte[] readPart(String path, long offset, int length) throws SshException;

    /**
     * Changes what is given, of what a link leads to.
     *
     * @param modifiedSeconds since 1970; the time of the last access is set to it too
     */
    void change(String path, OptionalInt permissions, OptionalLong modifiedSeconds) throws SshException;

    /**
     * Gives a file another name. Where the server knows {@code posix-rename@openssh.com}, as OpenSSH does, a file of that
     * name is replaced in the same moment; else the call fails if there is one.
     */
    void rename(String from, String to) throws SshException;

    /** Removes a file, or a link itself. */
    void remove(String path) throws SshException;

    /** Whether a call has left the channel in a state that only {@link #close} is good for. */
    boolean isBroken();

    /**
     * Closes the channel, and with it what another thread is doing. Writes a packet, so it blocks while the server reads
     * nothing; closing the session ends that. Idempotent.
     */
    @Override
    void close();
}
