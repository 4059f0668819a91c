package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Files over JSch's SFTP channel. JSch has many requests of one file in flight, but of different files never more than one:
 * each call here costs a round trip, a file about four. Who copies many small files uses several of these.
 */
final class JschFiles implements RemoteFiles {

    /** How long a call may take to notice that the files are closed, before the channel is closed under it. */
    private static final Duration LEAVE_GRACE = Duration.ofMillis(700);

    private static final String CLOSED = "the SFTP channel was closed here";

    private final Endpoint endpoint;
    private final ChannelSftp channel;
    private final Supplier<Optional<String>> whySessionLost;

    private final Object lock = new Object();

    /** The thread within a call of the interface. Guarded by {@link #lock}. */
    private Thread using;

    /** Set by {@link #close}, read where JSch asks for more. */
    private volatile boolean closing;

    private volatile boolean broken;

    /** @param whySessionLost says why the session ended; empty while it lives */
    JschFiles(Endpoint endpoint, ChannelSftp channel, Supplier<Optional<String>> whySessionLost) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.whySessionLost = whySessionLost;
    }

    /** What JSch does for one call of the interface. */
    @FunctionalInterface
    private interface Call<T> {
        T make() throws SftpException;
    }

    private <T> T call(String path, Call<T> call) throws SshException {
        try {
            return use(call);
        } catch (SftpException e) {
            throw failure(path, e);
        }
    }

    private <T> T use(Call<T> call) throws SftpException {
        synchronized (lock) {
            if (closing) {
                throw new SftpException(ChannelSftp.SSH_FX_FAILURE, CLOSED);
            }
            using = Thread.currentThread();
        }
        try {
            return call.make();
        } finally {
            synchronized (lock) {
                using = null;
                if (closing) {
                    Thread.interrupted(); // by close
                    lock.notifyAll();
                }
            }
        }
    }

    @Override
    public String canonical(String path) throws SshException {
        return call(path, () -> channel.realpath(path));
    }

    @Override
    public Optional<RemoteFile> look(String path) throws SshException {
        return found(path, () -> channel.lstat(JschFileWords.quoted(path)));
    }

    @Override
    public Optional<RemoteFile> follow(String path) throws SshException {
        return found(path, () -> channel.stat(JschFileWords.quoted(path)));
    }

    private Optional<RemoteFile> found(String path, Call<SftpATTRS> call) throws SshException {
        try {
            return Optional.of(JschFileWords.file(path, use(call)));
        } catch (SftpException e) {
            if (JschFileWords.isStatus(e) && e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                return Optional.empty();
            }
            throw failure(path, e);
        }
    }

    @Override
    public List<RemoteFile> list(String directory, int most) throws SshException {
        List<RemoteFile> files = new ArrayList<>();
        boolean[] tooMany = new boolean[1];
        long[] characters = new long[1];
        call(directory, () -> {
            channel.ls(JschFileWords.quoted(directory), entry -> {
                String name = entry.getFilename();
                if (name.equals(".") || name.equals("..")) {
                    return ChannelSftp.LsEntrySelector.CONTINUE;
                }
                characters[0] += name.length();
                tooMany[0] = files.size() >= most || characters[0] > (long) most * NAME_LENGTH;
                if (tooMany[0]) {
                    return ChannelSftp.LsEntrySelector.BREAK;
                }
                files.add(JschFileWords.file(name, entry.getAttrs()));
                return ChannelSftp.LsEntrySelector.CONTINUE;
            });
            return null;
        });
        if (tooMany[0]) {
            throw new TransferFailed(endpoint, Side.HOST, directory, Problem.TOO_MANY, "", null);
        }
        return files;
    }

    @Override
    public void makeDirectory(String path) throws SshException {
        call(path, () -> {
            channel.mkdir(path); // the one call of JSch's that takes a path as it is
            return null;
        });
    }

    @Override
    public void write(String path, long offset, InputStream content) throws IOException {
        Content watched = new Content(content, offset);
        try {
            use(() -> {
                channel._put(watched, path, null, offset == 0 ? ChannelSftp.OVERWRITE : ChannelSftp.RESUME);
                return null;
            });
        } catch (SftpException e) {
            broken = true; // answers to writes may still come, and JSch would take them for those to what is next
            throw watched.failure == null || closing ? failure(path, e) : watched.failure;
        }
    }

    @Override
    public void read(String path, long offset, OutputStream content) throws IOException {
        Receiver watched = new Receiver(content);
        try {
            use(() -> {
                channel.get(
                        JschFileWords.quoted(path),
                        watched,
                        null,
                        offset == 0 ? ChannelSftp.OVERWRITE : ChannelSftp.RESUME,
                        offset);
                return null;
            });
        } catch (SftpException e) {
            broken = true;
            throw watched.failure == null || closing ? failure(path, e) : watched.failure;
        }
    }

    @Override
    public byte[] readPart(String path, long offset, int length) throws SshException {
        return call(path, () -> {
            try (InputStream in = channel.get(JschFileWords.quoted(path), null, offset)) {
                return in.readNBytes(length);
            } catch (IOException e) {
                throw new SftpException(ChannelSftp.SSH_FX_FAILURE, e.toString(), e);
            }
        });
    }

    @Override
    public void change(String path, OptionalInt permissions, OptionalLong modifiedSeconds) throws SshException {
        SftpATTRS attributes = new SftpATTRS();
        permissions.ifPresent(attributes::setPERMISSIONS);
        modifiedSeconds.ifPresent(seconds -> attributes.setACMODTIME((int) seconds, (int) seconds));
        call(path, () -> {
            channel.setStat(JschFileWords.quoted(path), attributes);
            return null;
        });
    }

    @Override
    public void rename(String from, String to) throws SshException {
        call(to, () -> {
            channel.rename(JschFileWords.quoted(from), JschFileWords.quoted(to));
            return null;
        });
    }

    @Override
    public void remove(String path) throws SshException {
        call(path, () -> {
            channel.rm(JschFileWords.quoted(path));
            return null;
        });
    }

    @Override
    public boolean isBroken() {
        return broken || !channel.isConnected();
    }

    /**
     * {@inheritDoc}
     *
     * <p>OpenSSH ends the whole session, and with it the commands of others, when something comes on a channel that was
     * closed. JSch lets one thread write and another one close. So a call that is under way is first interrupted, which it
     * notices wherever it waits for an answer or asks for more content. What it does not notice that in is JSch's wait for the
     * server to take more; then nothing is being written either.
     */
    @Override
    public void close() {
        long end = System.nanoTime() + LEAVE_GRACE.toNanos();
        synchronized (lock) {
            closing = true;
            if (using != null) {
                using.interrupt();
            }
            try {
                for (long left = end - System.nanoTime(); using != null && left > 0; left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // then there is no moment to wait
            }
        }
        channel.disconnect();
    }

    private SshException failure(String path, SftpException e) {
        if (JschFileWords.isStatus(e) && channel.isConnected() && !closing) {
            return JschFileWords.refusal(endpoint, path, e);
        }
        broken = true;
        String otherwise = closing
                ? CLOSED
                : channel.isConnected() ? JschFailures.detail(e) : "the server closed the SFTP channel";
        return new SessionLost(endpoint, Stage.TRANSFER, whySessionLost.get().orElse(otherwise), e);
    }

    private void throwIfClosing() throws IOException {
        if (closing) {
            throw new IOException(CLOSED);
        }
    }

    /** Tells a failure of the content's from one of JSch's, which has one exception for both. */
    private final class Content extends FilterInputStream {
        private final long offset;
        private IOException failure;

        Content(InputStream content, long offset) {
            super(content);
            this.offset = offset;
        }

        @Override
        public int read(byte[] buffer, int at, int length) throws IOException {
            throwIfClosing();
            try {
                return super.read(buffer, at, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        /** JSch asks the server how long the file is, and skips so much; the caller has done that. */
        @Override
        public long skip(long count) throws IOException {
            if (count != offset) {
                throw new IOException("the file has " + count + " bytes now, rather than " + offset);
            }
            return count;
        }
    }

    private final class Receiver extends FilterOutputStream {
        private IOException failure;

        Receiver(OutputStream content) {
            super(content);
        }

        @Override
        public void write(byte[] buffer, int at, int length) throws IOException {
            throwIfClosing();
            try {
                out.write(buffer, at, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
