package io.jenkins.plugins.sshexec.call;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A build log that remembers how it was written to. It buffers, as Jenkins's logs do, so that unflushed output is missed. */
final class RecordingLog {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<String> writes = new ArrayList<>();
    private final PrintStream stream;
    private int unflushed;
    private boolean closed;

    RecordingLog() {
        OutputStream recorder = new OutputStream() {
            @Override
            public void write(int b) {
                bytes.write(b);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) {
                bytes.write(buffer, offset, length);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
        stream = new PrintStream(new BufferedOutputStream(recorder, 1024 * 1024)) {
            @Override
            public void write(byte[] buffer, int offset, int length) {
                writes.add(new String(buffer, offset, length, StandardCharsets.ISO_8859_1));
                unflushed += length;
                super.write(buffer, offset, length);
            }

            @Override
            public void flush() {
                unflushed = 0;
                super.flush();
            }
        };
    }

    PrintStream stream() {
        return stream;
    }

    /** What each call wrote, a character for a byte. */
    List<String> writes() {
        return List.copyOf(writes);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** What has reached the log's reader, a character for a byte. */
    String text() {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    int unflushed() {
        return unflushed;
    }

    boolean isClosed() {
        return closed;
    }
}
