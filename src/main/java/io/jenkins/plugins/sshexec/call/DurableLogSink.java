package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.durable.Offsets;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Hands a durable command's output on in whole lines, and writes down how far it is in the log. A line that has not come to
 * its end is not in the log, and will be asked for again: so a restart of Jenkins breaks none. Written to by one thread at a
 * time.
 */
final class DurableLogSink implements OutputSink {

    /** A longer line is handed on in parts, since memory has an end. */
    private static final int MAX_HELD_BYTES = 64 * 1024;

    @FunctionalInterface
    private interface Target {
        void take(byte[] buffer, int offset, int length) throws IOException;
    }

    private final DurableState state;
    private final SecretMask mask;
    private final Stream stdout;
    private final Stream stderr;

    /**
     * @param sink that keeps nothing back
     * @param from offset of what comes first
     * @param mask of secrets in the charset of the output: none is cut, or the mask of neither part would find it
     */
    DurableLogSink(OutputSink sink, DurableState state, Offsets from, SecretMask mask) {
        this.state = state;
        this.mask = mask;
        this.stdout = new Stream(sink::stdout, from.stdout());
        this.stderr = new Stream(sink::stderr, from.stderr());
    }

    @Override
    public void stdout(byte[] buffer, int offset, int length) throws IOException {
        stdout.take(buffer, offset, length);
    }

    @Override
    public void stderr(byte[] buffer, int offset, int length) throws IOException {
        stderr.take(buffer, offset, length);
    }

    /** The command has ended: last lines without a line end are all there will be of them. */
    void complete() throws IOException {
        stdout.passHeld();
        stderr.passHeld();
    }

    private final class Stream {
        private final Target target;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private long passed;

        Stream(Target target, long passed) {
            this.target = target;
            this.passed = passed;
        }

        void take(byte[] buffer, int offset, int length) throws IOException {
            int lines = length;
            while (lines > 0 && buffer[offset + lines - 1] != '\n') {
                lines--;
            }
            if (lines > 0 && held.size() == 0) {
                pass(buffer, offset, lines);
            } else if (lines > 0) {
                held.write(buffer, offset, lines);
                passHeld();
            }
            held.write(buffer, offset + lines, length - lines);
            if (held.size() > MAX_HELD_BYTES) {
                passPart();
            }
        }

        private void passPart() throws IOException {
            byte[] bytes = held.toByteArray();
            int part = part(bytes);
            held.reset();
            held.write(bytes, part, bytes.length - part);
            if (part > 0) {
                pass(bytes, 0, part);
            }
        }

        /** Where the line can be cut: after a blank if there is one, which is no part of a longer character in any charset. */
        private int part(byte[] bytes) {
            int blank = bytes.length;
            while (blank > 0 && bytes[blank - 1] != ' ') {
                blank--;
            }
            int part = mask.certain(bytes, 0, blank);
            return part > 0 ? part : mask.certain(bytes, 0, bytes.length);
        }

        void passHeld() throws IOException {
            byte[] bytes = held.toByteArray();
            held.reset();
            if (bytes.length > 0) {
                pass(bytes, 0, bytes.length);
            }
        }

        private void pass(byte[] buffer, int offset, int length) throws IOException {
            target.take(buffer, offset, length);
            passed += length;
            state.logged(stdout.passed, stderr.passed);
        }
    }
}
