package io.jenkins.plugins.sshexec.core.transport.jsch;

import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps what a command writes. */
final class CollectingSink implements OutputSink {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public void stdout(byte[] buffer, int offset, int length) {
        out.write(buffer, offset, length);
    }

    @Override
    public void stderr(byte[] buffer, int offset, int length) {
        err.write(buffer, offset, length);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
