package io.jenkins.plugins.sshexec.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Puts a prefix before each line on its way to a log that several hosts share, so that it is seen whose line it is. A line goes
 * to the log in one write, and what it leaves switched on in colours ({@link OpenColours}) ends with it and begins again with
 * the next line of the same host. Used through the {@link PrintStream} of {@link #of}, whose lock guards it.
 */
final class PrefixedLines extends OutputStream {

    /** A longer line goes on in the next one, because memory has an end. */
    static final int MAX_LINE_BYTES = 64 * 1024;

    private static final byte[] RESET = {OpenColours.ESCAPE, '[', '0', 'm'};

    private final PrintStream log;
    private final byte[] prefix;
    private final OpenColours colours = new OpenColours();

    /** The line that has not ended yet, without its prefix. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** Whether the last line was ended here for its length, so that its own end is not a further one. */
    private boolean cut;

    private PrefixedLines(PrintStream log, byte[] prefix) {
        this.log = log;
        this.prefix = prefix;
    }

    /**
     * A log for one host.
     *
     * @param log that of all
     * @param charset of both, a superset of ASCII
     */
    static PrintStream of(PrintStream log, String prefix, Charset charset) {
        return new PrintStream(new PrefixedLines(log, prefix.getBytes(charset)), false, charset);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        ByteArrayOutputStream ready = new ByteArrayOutputStream(length + prefix.length);
        for (int i = offset; i < offset + length; i++) {
            boolean newline = buffer[i] == '\n';
            if (!newline) {
                line.write(buffer[i]);
            } else if (!cut || line.size() > 0) {
                end(ready);
            }
            if (newline) {
                cut = false;
            } else if (line.size() >= MAX_LINE_BYTES) {
                end(ready);
                cut = true;
            }
        }
        pass(ready);
    }

    private void end(ByteArrayOutputStream ready) {
        ready.writeBytes(prefix);
        ready.writeBytes(colours.open());
        byte[] bytes = line.toByteArray();
        line.reset();
        ready.writeBytes(bytes);
        colours.read(bytes);
        if (colours.open().length > 0) {
            ready.writeBytes(RESET);
        }
        ready.write('\n');
    }

    /** A {@link PrintStream} tells of no failure itself; the one that writes here asks the one of {@link #of}. */
    private void pass(ByteArrayOutputStream ready) throws IOException {
        if (ready.size() > 0) {
            log.write(ready.toByteArray(), 0, ready.size());
            if (log.checkError()) {
                throw new IOException(Messages.LineWriter_logNotWritten());
            }
        }
    }

    /** Passes on a line that was not ended. Leaves the log open: it is the build's. */
    @Override
    public void close() throws IOException {
        if (line.size() > 0) {
            write('\n');
        }
    }
}
