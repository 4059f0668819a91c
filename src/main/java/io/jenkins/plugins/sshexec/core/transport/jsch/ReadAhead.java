package io.jenkins.plugins.sshexec.core.transport.jsch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Takes from a socket what has come, where JSch would ask for each packet twice: for its length, then for the rest. So much
 * output costs one call of the system for up to {@value #AHEAD_BYTES} bytes.
 *
 * <p>While nothing comes, JSch waits for a length. That is read as it is asked for, so that an idle session holds no buffer.
 *
 * <p>Used by one thread at a time.
 */
final class ReadAhead extends InputStream {

    /** The most that JSch asks for before it knows the length of a packet: one block of the cipher. */
    static final int LENGTH_BYTES = 32;

    static final int AHEAD_BYTES = 64 * 1024;

    /** About so many emptied buffers are kept. */
    private static final int MAX_SPARE = 16;

    /** Emptied buffers of all sessions, so that a short answer costs no new one. */
    private static final Deque<byte[]> SPARE = new ConcurrentLinkedDeque<>();

    private final InputStream in;

    /** What has been read from the socket; null where all of that has been taken. */
    private byte[] ahead;

    private int position;
    private int limit;

    ReadAhead(InputStream socketIn) {
        in = socketIn;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (ahead == null) {
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
