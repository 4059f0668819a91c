package io.jenkins.plugins.sshexec.call;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Passes output on with the secrets of a {@link SecretMask} masked, wherever the output is cut into writes. Holds back no
 * more than what may be the beginning of a secret, and so never a line end. Not thread-safe.
 */
final class MaskedOutput extends OutputStream {

    private static final byte[] NOTHING = {};

    private final SecretMask mask;
    private final OutputStream out;

    /** The beginning of a secret, or of something that begins like it. */
    private byte[] held = NOTHING;

    private boolean closed;

    MaskedOutput(SecretMask mask, OutputStream out) {
        this.mask = mask;
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws IOException after {@link #close}, when the mask may have been wiped */
    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("This output has been closed.");
        }
        if (held.length == 0) {
            keep(buffer, mask.pass(buffer, offset, offset + length, false, out), offset + length);
        } else {
            byte[] joined = Arrays.copyOf(held, held.length + length);
            System.arraycopy(buffer, offset, joined, held.length, length);
            keep(joined, mask.pass(joined, 0, joined.length, false, out), joined.length);
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        Arrays.fill(held, (byte) 0);
        held = from == to ? NOTHING : Arrays.copyOfRange(bytes, from, to);
    }

    /** Passes on what is certain; the beginning of a secret stays here. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Passes on what is held, since nothing follows that could make it a secret. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try (out) {
                mask.pass(held, 0, held.length, true, out);
            } finally {
                keep(NOTHING, 0, 0);
            }
        }
    }
}
