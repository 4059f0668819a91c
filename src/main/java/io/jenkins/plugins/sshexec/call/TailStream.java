package io.jenkins.plugins.sshexec.call;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Leaves out the first bytes that are written to it. Not thread-safe. */
final class TailStream extends FilterOutputStream {

    private long left;

    /** @param leftOut so many bytes */
    TailStream(OutputStream out, long leftOut) {
        super(out);
        this.left = leftOut;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        int skipped = (int) Math.min(left, length);
        left -= skipped;
        if (skipped < length) {
            out.write(buffer, offset + skipped, length - skipped);
        }
    }
}
