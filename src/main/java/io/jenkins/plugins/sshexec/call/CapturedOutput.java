package io.jenkins.plugins.sshexec.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;

/** Output of one command kept in memory, up to a limit that protects the controller. Not thread-safe. */
final class CapturedOutput extends OutputStream {

    /**
     * For both streams of a command together: more than a Pipeline has a use for. What is returned is held as bytes, as text,
     * and in the build's saved state.
     */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    /** What is left for the streams of one command. */
    static final class Room {
        private int bytes = MAX_BYTES;
    }

    private final Room room;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    CapturedOutput(Room room) {
        this.room = room;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws IOException with a sentence for the build log once there is more than {@link #MAX_BYTES} */
    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (length > room.bytes) {
            throw new IOException(Messages.CapturedOutput_tooMuch(MAX_BYTES / 1024 / 1024));
        }
        room.bytes -= length;
        bytes.write(buffer, offset, length);
    }

    String toString(Charset charset) {
        return bytes.toString(charset);
    }
}
