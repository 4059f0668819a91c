package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.core.durable.Offsets;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import org.apache.commons.io.output.TeeOutputStream;
import org.apache.commons.io.output.WriterOutputStream;

/**
 * Takes a command's output into the build log, and into memory as far as the caller wants it back. Written to by one log
 * writer at a time; closed, once all output is there, by whoever then reads {@link #stdout} and {@link #stderr}.
 */
final class BuildLogSink implements OutputSink, Closeable {

    private static final int TRANSCODING_BUFFER = 8 * 1024;

    private final Charset charset;
    private final SecretMask mask;
    private final boolean keepsLines;
    private final CapturedOutput capturedStdout;
    private final CapturedOutput capturedStderr;
    private final OutputStream stdout;
    private final OutputStream stderr;

    /**
     * @param charset of the command's output
     * @param logCharset of the build log; where it is the same, bytes pass as they come, valid or not
     * @param mask of secrets in that charset. What is returned is not masked, as with {@code sh}: it is for the Pipeline's
     *     own use.
     */
    BuildLogSink(PrintStream log, Charset logCharset, Charset charset, Returned returned, SecretMask mask) {
        this(log, logCharset, charset, returned, mask, true, Offsets.NONE);
    }

    private BuildLogSink(
            PrintStream log,
            Charset logCharset,
            Charset charset,
            Returned returned,
            SecretMask mask,
            boolean keepsLines,
            Offsets logged) {
        this.charset = charset;
        this.mask = mask;
        this.keepsLines = keepsLines;
        CapturedOutput.Room room = new CapturedOutput.Room();
        capturedStdout = new CapturedOutput(room);
        capturedStderr = new CapturedOutput(room);
        stdout = switch (returned) {
            case NOTHING -> toLog(log, logCharset);
            case STDOUT -> capturedStdout;
            case ALL_OUTPUT ->
                new TeeOutputStream(new TailStream(toLog(log, logCharset), logged.stdout()), capturedStdout);
        };
        stderr = returned == Returned.ALL_OUTPUT
                ? new TeeOutputStream(new TailStream(toLog(log, logCharset), logged.stderr()), capturedStderr)
                : toLog(log, logCharset);
    }

    /**
     * A sink that keeps nothing back for more to come, so that what it was given is in the log. It gets whole lines, and of
     * those that are too long parts where no secret is cut.
     *
     * @param logged what the log has already of {@link Returned#ALL_OUTPUT} that comes once more
     */
    static BuildLogSink keepingNothing(
            PrintStream log, Charset logCharset, Charset charset, Returned returned, SecretMask mask, Offsets logged) {
        return new BuildLogSink(log, logCharset, charset, returned, mask, false, logged);
    }

    private OutputStream toLog(PrintStream log, Charset logCharset) {
        OutputStream lines = new MaskedOutput(mask, new LineWriter(log, !keepsLines));
        if (charset.equals(logCharset)) {
            return lines;
        }
        try {
            return WriterOutputStream.builder()
                    .setWriter(new OutputStreamWriter(lines, logCharset))
                    .setCharsetDecoder(charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .onUnmappableCharacter(CodingErrorAction.REPLACE))
                    .setBufferSize(TRANSCODING_BUFFER)
                    .setWriteImmediately(true)
                    .get();
        } catch (IOException e) {
            throw new UncheckedIOException("Only a builder that opens a file fails", e);
        }
    }

    @Override
    public void stdout(byte[] buffer, int offset, int length) throws IOException {
        stdout.write(buffer, offset, length);
        stdout.flush(); // Transcoding holds back what it has, and a log is read while the command runs.
    }

    @Override
    public void stderr(byte[] buffer, int offset, int length) throws IOException {
        stderr.write(buffer, offset, length);
        stderr.flush();
    }

    String stdout() {
        return capturedStdout.toString(charset);
    }

    String stderr() {
        return capturedStderr.toString(charset);
    }

    /** Puts the last lines into the log, ended or not. */
    @Override
    public void close() throws IOException {
        try (stdout;
                stderr) {
            // Closed in the order stderr, stdout.
        }
    }
}
