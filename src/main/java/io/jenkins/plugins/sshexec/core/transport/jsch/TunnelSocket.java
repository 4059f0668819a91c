package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.JSchException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A connection from a jump host on: a direct-tcpip channel (RFC 4254 section 7.2) with the face of a socket, so that a session
 * to the next host runs on it as on any other.
 *
 * <p>What the jump host sends is put into a buffer by the reader thread of its session, which never waits for the session that
 * reads it: one that is held up, by its build log say, holds up no other session through the same jump host. The buffer stays
 * small by itself, because SSH lets a server send no more than the window of each channel before its client has taken it; a
 * server that sends more is cut off at {@link #MAX_BUFFERED_BYTES}.
 *
 * <p>Read by one thread and written by one thread at a time; closed by any.
 */
final class TunnelSocket extends Socket {

    /** Far more than the windows of all channels that one session has as a rule, 1 MiB each. */
    static final int MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

    private final ChannelDirectTCPIP channel;
    private final ThreadFactory threads;
    private final Runnable onClose;
    private final InputStream in = new Input();

    private final Object lock = new Object();

    /** What has come and was not read; never empty arrays. Guarded by lock, like all below. */
    private final Deque<byte[]> chunks = new ArrayDeque<>();

    /** How much of the first chunk has been read. */
    private int offset;

    private int buffered;
    private boolean ended;
    private boolean overrun;
    private boolean closed;
    private int readTimeoutMillis;

    /** Set while the channel is being opened. */
    private Thread opening;

    private boolean woken;

    /**
     * @param threads makes the thread that closes the channel, which may block on a jump host that does not read
     * @param onClose called once, by the thread that closes first
     */
    TunnelSocket(ChannelDirectTCPIP channel, Endpoint target, ThreadFactory threads, Runnable onClose) {
        this.channel = channel;
        this.threads = threads;
        this.onClose = onClose;
        channel.setHost(target.host());
        channel.setPort(target.port());
        channel.setOutputStream(new Received());
    }

    /** Opens the channel; {@link #wake} ends that early. */
    void open(Duration timeout) throws JSchException {
        // JSch takes a pending interrupt for a timeout.
        boolean interrupted = Thread.interrupted();
        synchronized (lock) {
            opening = Thread.currentThread();
            if (woken) {
                opening.interrupt();
            }
        }
        try {
            channel.connect((int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis())));
        } finally {
            synchronized (lock) {
                opening = null;
                if (woken) {
                    Thread.interrupted(); // the wake-up, if it came too late for the wait
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The channel's opening is of no use any more. */
    void wake() {
        synchronized (lock) {
            woken = true;
            if (opening != null) {
                opening.interrupt();
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream toChannel = channel.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            /** JSch gathers until it is told that this is all. */
            @Override
            public void write(byte[] buffer, int from, int length) throws IOException {
                requireOpen();
                toChannel.write(buffer, from, length);
                toChannel.flush();
                requireOpen(); // JSch drops what is written to a channel that has just been closed
            }
        };
    }

    private void requireOpen() throws IOException {
        if (isClosed() || channel.isClosed()) {
            throw new SocketException("The connection through the jump host is closed");
        }
    }

    @Override
    public void setSoTimeout(int millis) {
        synchronized (lock) {
            readTimeoutMillis = millis;
        }
    }

    /** A matter of the connection to the jump host. */
    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Never blocks. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            lock.notifyAll();
        }
        try {
            Thread thread = threads.newThread(channel::disconnect);
            thread.setName("ssh-exec end of a tunnel");
            thread.start();
        } finally {
            onClose.run();
        }
    }

    /** Where JSch writes, on the reader thread of the jump host's session. */
    private final class Received extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int from, int length) {
            synchronized (lock) {
                if (length == 0 || closed || overrun) {
                    return;
                }
                if (length > MAX_BUFFERED_BYTES - buffered) {
                    overrun = true;
                } else {
                    byte[] chunk = new byte[length];
                    System.arraycopy(buffer, from, chunk, 0, length);
                    chunks.add(chunk);
                    buffered += length;
                }
                lock.notifyAll();
            }
        }

        /** The channel has ended. */
        @Override
        public void close() {
            synchronized (lock) {
                ended = true;
                lock.notifyAll();
            }
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            synchronized (lock) {
                await();
                int count = 0;
                for (byte[] first = chunks.peek(); first != null && count < length; first = chunks.peek()) {
                    int part = Math.min(length - count, first.length - offset);
                    System.arraycopy(first, offset, buffer, from + count, part);
                    count += part;
                    offset += part;
                    if (offset == first.length) {
                        chunks.remove();
                        offset = 0;
                    }
                }
                buffered -= count;
                return count == 0 ? -1 : count;
            }
        }

        /** Until there is something to read, or never will be. */
        private void await() throws IOException {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(readTimeoutMillis);
            while (true) {
                if (closed) {
                    throw new SocketException("Socket closed");
                }
                if (overrun) {
                    throw new IOException("the server sent more than it was allowed to");
                }
                if (!chunks.isEmpty() || ended) {
                    return;
                }
                long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (readTimeoutMillis > 0 && leftMillis <= 0) {
                    throw new SocketTimeoutException("Read timed out");
                }
                try {
                    lock.wait(readTimeoutMillis > 0 ? leftMillis : 0);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new SocketException("interrupted");
                }
            }
        }
    }
}
