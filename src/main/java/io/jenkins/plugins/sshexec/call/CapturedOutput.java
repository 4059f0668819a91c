package io.jenkins.plugins.sshexec.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;

/** Output kept in memory, up to a limit that protects the controller. Not thread-safe. */
final class CapturedOutput extends OutputStream {

    /** More than a Pipeline has a use for, and less than hurts a controller. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws IOException with a sentence for the build log once there is more than {@link #MAX_BYTES} */
    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (length > MAX_BYTES - bytes.size()) {
            throw new IOException(Messages.CapturedOutput_tooMuch(MAX_BYTES / 1024 / 1024));
        }
        bytes.write(buffer, offset, length);
    }

    String toString(Charset charset) {
        return bytes.toString(charset);
    }
}
