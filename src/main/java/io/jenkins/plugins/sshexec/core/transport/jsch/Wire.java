package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.SocketFactory;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The TCP connection under one JSch session. JSch reads and writes through it, so that five things are known and done
 * here that JSch does not offer:
 *
 * <ul>
 *   <li>the handshake has one deadline, however slowly the server drips its bytes;
 *   <li>keepalives are sent while the server is silent. JSch does that too, but its way loses what it has read of a packet
 *       when the silence falls into the middle of one, and calls the next packet corrupt; here the read that was
 *       interrupted goes on;
 *   <li>what has come is taken from the socket in one read ({@link ReadAhead});
 *   <li>a byte that comes is a sign of life ({@link #nextSign}), and when the last one came is known ({@link #heardWithin});
 *   <li>which packets a thread has handed over ({@link #countPackets}), the one sure answer to "has the request left?".
 * </ul>
 *
 * <p>Read by one thread at a time: the connecting thread during the handshake, then JSch's reader thread. Written under
 * JSch's lock for outgoing packets, one call of {@code write} for each packet. All else is thread-safe.
 */
final class Wire implements SocketFactory {

    /**
     * Keepalives in a row that may stay without a sign of life; the value of ssh_config(5), ServerAliveCountMax. The
     * connection is given up one interval after the last of them.
     */
    static final int MAX_UNANSWERED = 3;

    private static final Logger LOGGER = Logger.getLogger(Wire.class.getName());

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** Why the connection is of no use any more; the first reason stays. */
    private final AtomicReference<String> lost = new AtomicReference<>();

    /** Completed by the next byte that comes; null while nobody waits for it. */
    private final AtomicReference<CompletableFuture<Boolean>> sign = new AtomicReference<>();

    /** The count of each thread that has asked for one. */
    private final Map<Thread, PacketCount> counts = new ConcurrentHashMap<>();

    /** The end of the handshake; null once logged in. */
    private volatile Deadline handshake;

    private volatile Duration interval = Duration.ZERO;
    private volatile KeepAlive keepAlive = () -> {};

    /** Whether nothing more will be read. */
    private volatile boolean readingOver;

    /** When the last byte came; {@link System#nanoTime}. */
    private volatile long heardNanos = System.nanoTime();

    /** Whether a thread is within a write to the socket. */
    private volatile boolean writing;

    /** Keepalives since the last byte; used by the reading thread only. */
    private int unanswered;

    /** Sends one SSH_MSG_GLOBAL_REQUEST that the server has to answer (RFC 4254 section 4). */
    @FunctionalInterface
    interface KeepAlive {
        /** @throws Exception as JSch's methods declare it */
        void send() throws Exception;
    }

    /** @param handshake by when the session must be logged in */
    Wire(Socket socket, Deadline handshake) throws IOException {
        this.socket = socket;
        this.handshake = handshake;
        this.in = new ReadAhead(new Input(socket.getInputStream()));
        this.out = new Output(socket.getOutputStream());
    }

    /**
     * The handshake is over: no deadline any more, keepalives instead. To be called before the reader thread starts.
     *
     * @param silence after how long without a byte a keepalive is sent; zero for never
     */
    void established(Duration silence, KeepAlive sender) throws SocketException {
        interval = silence;
        keepAlive = sender;
        handshake = null;
        setReadTimeout(silence);
    }

    /** Why the connection is of no use any more, in a few words; empty while it works as far as is known here. */
    Optional<String> lost() {
        return Optional.ofNullable(lost.get());
    }

    /** Closes the socket, which wakes whoever reads or writes. Never blocks. */
    void close(String reason) {
        lose(reason);
        closeQuietly(socket);
    }

    /**
     * A future of the caller's own that becomes true with the next byte from the server, and false when the connection
     * ends without one.
     */
    CompletableFuture<Boolean> nextSign() {
        CompletableFuture<Boolean> next =
                sign.updateAndGet(waiting -> waiting == null ? new CompletableFuture<>() : waiting);
        if (lost.get() != null) {
            tellWaiting(false);
        }
        return next.copy();
    }

    /** Whether the last byte of the connection has been read: what the reader thread does from then on is to clean up. */
    boolean isReadingOver() {
        return readingOver;
    }

    /** Whether a byte has come from the server less than so long ago. */
    boolean heardWithin(Duration time) {
        return System.nanoTime() - heardNanos < time.toNanos();
    }

    /**
     * Counts the packets that the calling thread hands over from now on, until the count is closed.
     *
     * @param onDispatched called by the reading thread once the first of them has left, each time that it comes back to the
     *     socket: whatever came before, perhaps an answer, has been dispatched then
     */
    PacketCount countPackets(Runnable onDispatched) {
        PacketCount count = new PacketCount(onDispatched);
        counts.put(Thread.currentThread(), count);
        return count;
    }

    /** Packets handed over by the thread that asked for the count. */
    final class PacketCount implements AutoCloseable {
        private final Runnable onDispatched;

        /** Written by the counted thread only, like the next. */
        private int begun;

        private volatile int written;

        private PacketCount(Runnable onDispatched) {
            this.onDispatched = onDispatched;
        }

        /** Packets of which a byte may have left; for the counted thread. */
        int get() {
            return begun;
        }

        @Override
        public void close() {
            counts.remove(Thread.currentThread());
        }
    }

    private void tellDispatched() {
        for (PacketCount count : counts.values()) {
            if (count.written > 0) {
                count.onDispatched.run();
            }
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        return socket;
    }

    @Override
    public InputStream getInputStream(Socket ignored) {
        return in;
    }

    @Override
    public OutputStream getOutputStream(Socket ignored) {
        return out;
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "A socket did not close cleanly", e);
        }
    }

    private void lose(String reason) {
        lost.compareAndSet(null, reason);
        tellWaiting(false);
    }

    private void tellWaiting(boolean alive) {
        // The plain read first: this runs for every packet, and somebody waits for hardly any.
        if (sign.get() != null) {
            CompletableFuture<Boolean> waiting = sign.getAndSet(null);
            if (waiting != null) {
                waiting.complete(alive);
            }
        }
    }

    private void beforeRead() throws IOException {
        Deadline deadline = handshake;
        if (deadline == null) {
            return;
        }
        if (deadline.isExpired()) {
            lose("the handshake took too long");
            throw new IOException("The handshake took too long");
        }
        socket.setSoTimeout(deadline.remainingMillis());
    }

    /** A read timed out. Returns if the read shall go on. */
    private void onSilence(SocketTimeoutException timeout) throws IOException {
        if (handshake != null) {
            return; // beforeRead judges the deadline
        }
        if (++unanswered > MAX_UNANSWERED) {
            String reason = "no answer to " + MAX_UNANSWERED + " keepalives in "
                    + interval.multipliedBy(unanswered).toSeconds() + " seconds";
            // Before JSch cleans up: it would wait for a writer that the full window of a dead server holds.
            close(reason);
            throw new IOException(reason, timeout);
        }
        if (writing) {
            return; // a writer is held by the server's full window; a keepalive would hold this thread as well
        }
        try {
            keepAlive.send();
        } catch (Exception e) {
            // Told apart by what follows: a broken socket fails the next read, a stalled key exchange goes unanswered.
            LOGGER.log(Level.FINE, "A keepalive could not be sent", e);
        }
        setReadTimeout(interval); // JSch's session timeout, which a sender may touch, is this one as well
    }

    private void setReadTimeout(Duration silence) throws SocketException {
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, silence.toMillis()));
    }

    private int received(int count) {
        if (count < 0) {
            lose("the server closed the connection");
        } else {
            unanswered = 0;
            heardNanos = System.nanoTime();
            tellWaiting(true);
        }
        return count;
    }

    private IOException failed(IOException e) {
        lose(String.valueOf(e.getMessage()));
        return e;
    }

    private final class Input extends FilterInputStream {
        private final byte[] one = new byte[1];

        Input(InputStream socketIn) {
            super(socketIn);
        }

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            tellDispatched();
            int count = -1;
            try {
                count = readPatiently(buffer, offset, length);
                return count;
            } finally {
                if (count < 0) {
                    readingOver = true;
                }
            }
        }

        private int readPatiently(byte[] buffer, int offset, int length) throws IOException {
            while (true) {
                beforeRead();
                try {
                    return received(in.read(buffer, offset, length));
                } catch (SocketTimeoutException e) {
                    onSilence(e);
                } catch (IOException e) {
                    throw failed(e);
                }
            }
        }
    }

    private final class Output extends FilterOutputStream {
        Output(OutputStream socketOut) {
            super(socketOut);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (socket.isClosed()) {
                throw failed(new SocketException("Socket closed")); // before it counts: nothing leaves any more
            }
            PacketCount count = counts.get(Thread.currentThread());
            if (count != null) {
                count.begun++;
            }
            writing = true;
            try {
                out.write(buffer, offset, length);
                if (count != null) {
                    count.written = count.begun;
                }
            } catch (IOException e) {
                throw failed(e);
            } finally {
                writing = false;
            }
        }
    }
}
