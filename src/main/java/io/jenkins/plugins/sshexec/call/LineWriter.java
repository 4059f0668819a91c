package io.jenkins.plugins.sshexec.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Passes whole lines on to a log, each in one write, so that lines of commands that run at the same time never mix. A log
 * that cannot be written, because its disk is full say, is an {@code IOException} with a sentence for the user; a {@link
 * PrintStream} keeps it to itself. Not thread-safe.
 */
final class LineWriter extends OutputStream {

    /** A line longer than this is passed on in parts, because memory has an end. */
    private static final int MAX_HELD_BYTES = 64 * 1024;

    private final PrintStream log;
    private final boolean flushesParts;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /** Whether the last byte that the log got was one of ours, and no line end. */
    private boolean inLine;

    LineWriter(PrintStream log) {
        this(log, false);
    }

    /** @param flushesParts whether a flush passes on a line that has not come to its end */
    LineWriter(PrintStream log, boolean flushesParts) {
        this.log = log;
        this.flushesParts = flushesParts;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        int lines = wholeLines(buffer, offset, length);
        if (lines > 0) {
            if (held.size() == 0) {
                pass(buffer, offset, lines);
            } else {
                held.write(buffer, offset, lines);
                passHeld(true);
            }
        }
        held.write(buffer, offset + lines, length - lines);
        if (held.size() > MAX_HELD_BYTES) {
            passHeld(false);
        }
    }

    /** How many bytes up to and with the last line end. */
    private static int wholeLines(byte[] buffer, int offset, int length) {
        for (int i = length; i > 0; i--) {
            if (buffer[offset + i - 1] == '\n') {
                return i;
            }
        }
        return 0;
    }

    /** @param endsLine whether the last byte of what is held is a line end */
    private void passHeld(boolean endsLine) throws IOException {
        held.writeTo(log);
        held.reset();
        passed(endsLine);
    }

    private void pass(byte[] buffer, int offset, int length) throws IOException {
        log.write(buffer, offset, length);
        passed(buffer[offset + length - 1] == '\n');
    }

    /** Flushes at once: the log buffers, and would cut lines where its buffer ends. */
    private void passed(boolean endsLine) throws IOException {
        inLine = !endsLine;
        if (log.checkError()) { // which flushes
            throw new IOException(Messages.LineWriter_logNotWritten());
        }
    }

    @Override
    public void flush() throws IOException {
        if (flushesParts && held.size() > 0) {
            passHeld(false);
        }
    }

    /** Passes on what is held, and ends the line if the command did not. Leaves the log open: it is the build's. */
    @Override
    public void close() throws IOException {
        if (held.size() > 0) {
            held.write('\n');
            passHeld(true);
        } else if (inLine) {
            pass(new byte[] {'\n'}, 0, 1);
        }
    }
}
