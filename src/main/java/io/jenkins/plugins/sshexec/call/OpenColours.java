package io.jenkins.plugins.sshexec.call;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the output of one host has switched on by SGR sequences (colours, bold: ECMA-48 section 8.3.117), and not off again.
 * Not thread-safe.
 */
final class OpenColours {

    static final byte ESCAPE = 0x1b;

    /** More than any output has on at once; the first are forgotten then. */
    private static final int MAX_SEQUENCES = 16;

    /** No sequence in use is longer; what is, is left alone. */
    private static final int MAX_SEQUENCE_BYTES = 64;

    private static final byte[] NONE = {};

    /** Since the last reset, oldest first. */
    private final List<byte[]> sequences = new ArrayList<>();

    /** The sequences that bring a terminal from its beginning to where the output has left it. */
    byte[] open() {
        if (sequences.isEmpty()) {
            return NONE;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        sequences.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Takes note of the sequences in a line. */
    void read(byte[] line) {
        for (int i = 0; i + 1 < line.length; i++) {
            if (line[i] == ESCAPE && line[i + 1] == '[') {
                int end = end(line, i + 2);
                if (end < line.length && line[end] == 'm' && end - i < MAX_SEQUENCE_BYTES) {
                    take(new String(line, i + 2, end - i - 2, StandardCharsets.US_ASCII));
                }
                i = Math.min(end, line.length - 1);
            }
        }
    }

    /** Where a control sequence ends: after its parameter and intermediate bytes (ECMA-48 section 5.4). */
    private static int end(byte[] line, int from) {
        int at = from;
        while (at < line.length && line[at] >= 0x20 && line[at] <= 0x3f) {
            at++;
        }
        return at;
    }

    /** @param parameters of an SGR sequence, {@code 1;31} say; empty or a 0 in the first place switch all off */
    private void take(String parameters) {
        boolean reset = parameters.isEmpty() || parameters.matches("0+(;.*)?");
        if (reset) {
            sequences.clear();
        }
        if (!parameters.matches("[0;]*")) {
            sequences.add((new String(new char[] {(char) ESCAPE, '['}) + parameters + "m")
                    .getBytes(StandardCharsets.US_ASCII));
            if (sequences.size() > MAX_SEQUENCES) {
                sequences.remove(0);
            }
        }
    }
}
