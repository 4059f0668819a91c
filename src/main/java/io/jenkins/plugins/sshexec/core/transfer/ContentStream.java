package io.jenkins.plugins.sshexec.core.transfer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The contents of several files in one stream: each in chunks that begin with their length. Behind the last one is a 0, or a -1
 * where the file has grown since it was listed, which ends it there.
 */
final class ContentStream {

    private static final int END = 0;
    private static final int END_OF_GROWN = -1;

    private final DataInputStream in;

    ContentStream(InputStream in) {
        this.in = new DataInputStream(in);
    }

    static void data(byte[] bytes, int count, DataOutputStream out) throws IOException {
        if (count > 0) {
            out.writeInt(count);
            out.write(bytes, 0, count);
        }
    }

    /**
     * Ends a file.
     *
     * @param grown whether there is more of it than was listed
     */
    static void end(boolean grown, DataOutputStream out) throws IOException {
        out.writeInt(grown ? END_OF_GROWN : END);
    }

    /** The next file, which has to be read to its end before the one after it. */
    Content next() {
        return new Content();
    }

    /** One of the files. */
    final class Content extends InputStream {
        private int left;
        private boolean ended;
        private boolean grown;

        private Content() {}

        /** Whether it was longer than listed. Known when it was read to its end. */
        boolean hasGrown() {
            return grown;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left == 0 && !ended) {
                begin(in.readInt());
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

        private void begin(int chunk) throws IOException {
            if (chunk < END_OF_GROWN) {
                throw new IOException("the agent sent something that makes no sense");
            }
            ended = chunk == END || chunk == END_OF_GROWN;
            grown = chunk == END_OF_GROWN;
            left = ended ? 0 : chunk;
        }
    }
}
