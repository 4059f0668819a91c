package io.jenkins.plugins.sshexec.core.transport.jsch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes from a socket what has come, where JSch would ask for each packet twice: for its length, then for the rest. So much
 * output costs one call of the system for up to {@value #AHEAD_BYTES} bytes.
 *
 * <p>While nothing comes, JSch waits for a length. That is read as it is asked for, so that an idle session holds no buffer.
 *
 * <p>Much output comes packet by packet, and would wake the reader for each. So the reader lets it gather for a moment, as network
 * cards do with their interrupts.
 *
 * <p>Used by one thread at a time.
 */
final class ReadAhead extends InputStream {

    /** The most that JSch asks for before it knows the length of a packet: one block of the cipher. */
    static final int LENGTH_BYTES = 32;

    static final int AHEAD_BYTES = 64 * 1024;

    /** A read of so much was of a command with much output. A read that is full is not waited after: there is more already. */
    private static final int MUCH_BYTES = 16 * 1024;

    /**
     * In which some 64 KiB come from a server on the same machine. A short command takes thirty times as long. Not on Windows,
     * whose clock ticks every 15 ms.
     */
    private static final Duration GATHERING = Duration.ofNanos(100_000);

    /** About so many emptied buffers are kept. */
    private static final int MAX_SPARE = 16;

    /** Emptied buffers of all sessions, so that a short answer costs no new one. */
    private static final Deque<byte[]> SPARE = new ConcurrentLinkedDeque<>();

    private final InputStream in;
    private final Runnable gather;

    /** What has been read from the socket; null where all of that has been taken. */
    private byte[] ahead;

    private int position;
    private int limit;

    /** Whether the last read was of much output and took all that there was. */
    private boolean gathering;

    ReadAhead(InputStream socketIn) {
        this(socketIn, File.pathSeparatorChar == ';' ? () -> {} : () -> LockSupport.parkNanos(GATHERING.toNanos()));
    }

    /** @param gather waits for a moment */
    ReadAhead(InputStream socketIn, Runnable gather) {
        in = socketIn;
        this.gather = gather;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (ahead == null) {
            if (gathering) {
                gathering = false;
                gather.run();
            }
            if (length <= LENGTH_BYTES) {
                return in.read(buffer, offset, length);
            }
            if (!fill()) {
                return -1;
            }
        }
        int taken = Math.min(length, limit - position);
        System.arraycopy(ahead, position, buffer, offset, taken);
        position += taken;
        if (position == limit) {
            if (SPARE.size() < MAX_SPARE) {
                SPARE.push(ahead);
            }
            ahead = null;
        }
        return taken;
    }

    /** Returns false at the end of the stream. */
    private boolean fill() throws IOException {
        byte[] spare = SPARE.poll();
        byte[] buffer = spare == null ? new byte[AHEAD_BYTES] : spare;
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            return false;
        }
        gathering = count >= MUCH_BYTES && count < buffer.length;
        ahead = buffer;
        position = 0;
        limit = count;
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
