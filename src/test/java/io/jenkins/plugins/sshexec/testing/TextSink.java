package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps a command's output, both streams together as they came. Thread-safe. */
public final class TextSink implements OutputSink {

    /** Guarded by this. */
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public synchronized void stdout(byte[] buffer, int offset, int length) {
        bytes.write(buffer, offset, length);
    }

    @Override
    public synchronized void stderr(byte[] buffer, int offset, int length) {
        bytes.write(buffer, offset, length);
    }

    public synchronized String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
