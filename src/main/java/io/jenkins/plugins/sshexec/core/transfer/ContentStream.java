package io.jenkins.plugins.sshexec.core.transfer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** The contents of several files in one stream: each in chunks that begin with their length, of which 0 is the last. */
final class ContentStream {

    private final DataInputStream in;

    ContentStream(InputStream in) {
        this.in = new DataInputStream(in);
    }

    static void data(byte[] bytes, int count, DataOutputStream out) throws IOException {
        out.writeInt(count);
        out.write(bytes, 0, count);
    }

    /** Ends a file. */
    static void end(DataOutputStream out) throws IOException {
        out.writeInt(0);
    }

    /** The next file, which has to be read to its end before the one after it. */
    InputStream next() {
        return new InputStream() {
            private int left;
            private boolean ended;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                if (left == 0 && !ended) {
                    left = in.readInt();
                    ended = left == 0;
                    if (left < 0) {
                        throw new IOException("the agent sent something that makes no sense");
                    }
                }
                if (ended) {
                    return -1;
                }
                int count = in.read(buffer, from, Math.min(length, left));
                if (count < 0) {
                    throw new IOException("the agent stopped sending");
                }
                left -= count;
                return count;
            }
        };
    }
}
