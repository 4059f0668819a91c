package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Takes what {@code follow.sh} prints: on each stream a line that says where the command's bytes begin, and then these. Counts
 * what the command's own sink has taken. Written by one thread at a time; the offsets are read when that has ended.
 */
final class FollowedOutput implements OutputSink {

    /** Before the line, where start-up files of login shells print something. */
    private static final int MAX_STRAY_BYTES = 64 * 1024;

    private final OutputSink sink;
    private final Runnable onFound;
    private final Stream stdout;
    private final Stream stderr;

    /** @param onFound called once, when the first line came on stdout */
    FollowedOutput(UUID id, Offsets from, OutputSink sink, Runnable onFound) {
        byte[] line = (id + " follow\n").getBytes(StandardCharsets.US_ASCII);
        this.sink = sink;
        this.onFound = onFound;
        this.stdout = new Stream(line, from.stdout());
        this.stderr = new Stream(line, from.stderr());
    }

    @Override
    public synchronized void stdout(byte[] buffer, int offset, int length) throws IOException {
        boolean before = stdout.begun;
        int skipped = stdout.skip(buffer, offset, length);
        if (!before && stdout.begun) {
            onFound.run();
        }
        if (skipped < length) {
            sink.stdout(buffer, offset + skipped, length - skipped);
            stdout.taken += length - skipped;
        }
    }

    @Override
    public synchronized void stderr(byte[] buffer, int offset, int length) throws IOException {
        int skipped = stderr.skip(buffer, offset, length);
        if (skipped < length) {
            sink.stderr(buffer, offset + skipped, length - skipped);
            stderr.taken += length - skipped;
        }
    }

    synchronized Offsets offsets() {
        return new Offsets(stdout.taken, stderr.taken);
    }

    /** One of the two, as far as it is known. */
    private static final class Stream {
        private final byte[] line;
        private ByteArrayOutputStream stray = new ByteArrayOutputStream();
        private boolean begun;

        /** Offset in the command's output. */
        private long taken;

        Stream(byte[] line, long from) {
            this.line = line;
            this.taken = from;
        }

        /** How many of these bytes are not the command's: all that come up to and with the line. */
        int skip(byte[] buffer, int offset, int length) throws IOException {
            if (begun) {
                return 0;
            }
            for (int i = 0; i < length; i++) {
                stray.write(buffer[offset + i]);
                if (buffer[offset + i] == '\n' && endsWithLine()) {
                    begun = true;
                    stray = null;
                    return i + 1;
                }
            }
            if (stray.size() > MAX_STRAY_BYTES) {
                throw new IOException("the login shell of the host prints too much of its own");
            }
            return length;
        }

        private boolean endsWithLine() {
            byte[] bytes = stray.toByteArray();
            int start = bytes.length - line.length;
            for (int i = 0; start >= 0 && i < line.length; i++) {
                if (bytes[start + i] != line[i]) {
                    return false;
                }
            }
            return start >= 0;
        }
    }
}
