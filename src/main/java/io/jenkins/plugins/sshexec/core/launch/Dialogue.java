package io.jenkins.plugins.sshexec.core.launch;

import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * The output of a {@link Launcher}: takes the signs out of it, and has them answered. All else goes on as it came. Once the
 * command itself begins, output is looked at no more.
 *
 * <p>Called one call at a time, as sinks are; read when the command has ended.
 */
final class Dialogue implements OutputSink {

    /** What the launcher may say; each once, but for the password, which sudo asks for again when it was wrong. */
    enum Sign {
        PASSWORD('p'),
        READY('r'),
        NO_DIRECTORY('d'),
        NO_SCRIPT('f'),
        STARTING('s');

        private final char letter;

        Sign(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }
    }

    /** Answers the signs. Must not block. */
    interface Answers {
        void to(Sign sign);
    }

    /** Of what the host said before the command began: enough for a sentence. */
    private static final int MAX_SAID_BYTES = 2000;

    private final OutputSink sink;
    private final byte[] token;
    private final boolean inStdout;
    private final Answers answers;

    /** Output that may be the beginning of a sign. */
    private byte[] held = new byte[0];

    private boolean started;

    private final Set<Sign> heard = EnumSet.noneOf(Sign.class);

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** @param inStdout whether the signs come there, as with a terminal, which has one stream only */
    Dialogue(OutputSink sink, String token, boolean inStdout, Answers answers) {
        this.sink = sink;
        this.token = token.getBytes(StandardCharsets.US_ASCII);
        this.inStdout = inStdout;
        this.answers = answers;
    }

    @Override
    public void stdout(byte[] buffer, int offset, int length) throws IOException {
        take(inStdout, sink::stdout, buffer, offset, length);
    }

    @Override
    public void stderr(byte[] buffer, int offset, int length) throws IOException {
        take(!inStdout, sink::stderr, buffer, offset, length);
    }

    /** One of the sink's methods. */
    @FunctionalInterface
    private interface Stream {
        void write(byte[] buffer, int offset, int length) throws IOException;
    }

    private void take(boolean hasSigns, Stream stream, byte[] buffer, int offset, int length) throws IOException {
        if (started || !hasSigns) {
            stream.write(buffer, offset, length);
            return;
        }
        byte[] bytes = Arrays.copyOf(held, held.length + length);
        System.arraycopy(buffer, offset, bytes, held.length, length);
        int from = 0;
        for (int at = find(bytes, from); at >= 0 && !started; at = find(bytes, from)) {
            pass(stream, bytes, from, at);
            from = at + token.length + 1;
            hear((char) bytes[from - 1]);
        }
        int end = started ? bytes.length : bytes.length - heldBack(bytes, from);
        pass(stream, bytes, from, end);
        held = Arrays.copyOfRange(bytes, end, bytes.length);
    }

    /** Where the next whole sign begins, or -1. */
    private int find(byte[] bytes, int from) {
        for (int at = from; at + token.length < bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + token.length, token, 0, token.length)) {
                return at;
            }
        }
        return -1;
    }

    /** How many of the last bytes may be the beginning of a sign. */
    private int heldBack(byte[] bytes, int from) {
        for (int length = Math.min(token.length, bytes.length - from); length > 0; length--) {
            int start = bytes.length - length;
            if (Arrays.equals(bytes, start, bytes.length, token, 0, length)) {
                return length;
            }
        }
        return 0;
    }

    private void pass(Stream stream, byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            if (!started) {
                said.write(bytes, from, Math.min(to - from, MAX_SAID_BYTES - said.size()));
            }
            stream.write(bytes, from, to - from);
        }
    }

    private void hear(char letter) {
        for (Sign sign : Sign.values()) {
            if (sign.letter() == letter) {
                started |= sign == Sign.STARTING;
                heard.add(sign);
                answers.to(sign);
            }
        }
    }

    /** Passes on what looked like the beginning of a sign. */
    void end() throws IOException {
        if (held.length > 0) {
            Stream stream = inStdout ? sink::stdout : sink::stderr;
            pass(stream, held, 0, held.length);
            held = new byte[0];
        }
    }

    /** Whether the command itself was begun. */
    boolean isStarted() {
        return started;
    }

    boolean hasHeard(Sign sign) {
        return heard.contains(sign);
    }

    /** What the host said before the command was begun, for a sentence. */
    String said() {
        return said.toString(StandardCharsets.UTF_8).strip();
    }
}
