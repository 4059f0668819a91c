package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Knows the secrets of the logins of one command and puts asterisks in their place: the password, passphrases, the user name where it is a
 * secret, and each line of private keys. A secret of several lines is looked for line by line, so that it is found with any
 * line ends, indented or quoted.
 *
 * <p>Finds them in one pass by the method of Wu and Manber ("A fast algorithm for multi-pattern searching", 1994), which looks
 * at two bytes of every {@code window} where nothing is found. Holds the secrets until it is {@link #wipe wiped}; must not be
 * used afterwards. Else immutable, so that the two streams of a command may share one.
 */
final class SecretMask {

    /** What stands in the log for a secret; that of {@code withCredentials}. */
    private static final byte[] STARS = "****".getBytes(StandardCharsets.US_ASCII);

    /** A secret of one character is not masked: the asterisks in nearly every line would tell it. */
    private static final int MIN_SECRET_BYTES = 2;

    /** A key's last line may be a few characters long: too little to be of use to anybody, and it might stand anywhere. */
    private static final int MIN_KEY_LINE_BYTES = 16;

    private static final int MAX_WINDOW = 32;

    /** Of the table of shifts; a power of two. */
    private static final int SHIFTS = 4096;

    /** Longest first, so that of two secrets that begin alike the whole of the longer one is masked. */
    private final List<byte[]> secrets;

    /** As long as the shortest secret, within {@link #MAX_WINDOW}. */
    private final int window;

    /** By the hash of the two last bytes of a window: how far it can be moved on without missing a secret. */
    private final byte[] shifts = new byte[SHIFTS];

    private SecretMask(List<byte[]> secrets) {
        this.secrets = secrets;
        this.window = Math.min(
                MAX_WINDOW,
                secrets.stream().mapToInt(secret -> secret.length).min().orElse(MAX_WINDOW));
        Arrays.fill(shifts, (byte) (window - 1));
        for (byte[] secret : secrets) {
            for (int last = 1; last < window; last++) {
                int block = block(secret, last);
                shifts[block] = (byte) Math.min(shifts[block], window - 1 - last);
            }
        }
    }

    /** @param charset of the log */
    static SecretMask of(List<Login> logins, Charset charset) {
        List<byte[]> secrets = new ArrayList<>();
        logins.forEach(login -> add(secrets, login, charset));
        secrets.sort(Comparator.comparingInt((byte[] secret) -> secret.length).reversed());
        return new SecretMask(secrets);
    }

    private static void add(List<byte[]> secrets, Login login, Charset charset) {
        if (login.userIsSecret()) {
            addLines(secrets, SecretBytes.of(login.user()), charset);
        }
        if (login instanceof PasswordLogin password) {
            addLines(secrets, password.password(), charset);
        } else if (login instanceof KeyLogin keys) {
            for (Login.PrivateKey key : keys.keys()) {
                addLines(secrets, key.passphrase(), charset);
                lines(key.text(), charset).stream()
                        .filter(line -> line.length >= MIN_KEY_LINE_BYTES && isBase64(line))
                        .forEach(secrets::add);
            }
        }
    }

    private static void addLines(List<byte[]> secrets, SecretBytes secret, Charset charset) {
        for (byte[] line : lines(secret, charset)) {
            if (line.length >= MIN_SECRET_BYTES && !isBlank(line)) {
                secrets.add(line);
                byte[] traced = asTraced(line);
                if (traced.length > line.length) {
                    secrets.add(traced);
                }
            }
        }
    }

    private static List<byte[]> lines(SecretBytes secret, Charset charset) {
        byte[] utf8 = secret.copy();
        CharBuffer chars = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
        ByteBuffer encoded = charset.encode(chars);
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= encoded.limit(); i++) {
            if (i == encoded.limit() || encoded.get(i) == '\n' || encoded.get(i) == '\r') {
                lines.add(Arrays.copyOfRange(encoded.array(), start, i));
                start = i + 1;
            }
        }
        Arrays.fill(utf8, (byte) 0);
        Arrays.fill(chars.array(), '\0');
        Arrays.fill(encoded.array(), (byte) 0);
        return lines;
    }

    /** The other form in which {@code set -x} shows a word with single quotes: {@code it'\''s}. */
    private static byte[] asTraced(byte[] word) {
        ByteArrayOutputStream traced = new ByteArrayOutputStream(word.length);
        for (byte each : word) {
            traced.write(each);
            if (each == '\'') {
                traced.writeBytes(new byte[] {'\\', '\'', '\''});
            }
        }
        return traced.toByteArray();
    }

    private static boolean isBlank(byte[] line) {
        for (byte each : line) {
            if (each != ' ' && each != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Neither an armour line nor a header: these are the same in every key. */
    private static boolean isBase64(byte[] line) {
        for (byte each : line) {
            boolean letterOrDigit =
                    each >= 'A' && each <= 'Z' || each >= 'a' && each <= 'z' || each >= '0' && each <= '9';
            if (!letterOrDigit && each != '+' && each != '/' && each != '=') {
                return false;
            }
        }
        return true;
    }

    /** The text with asterisks for each secret. For single lines, such as a command or a failure. */
    String apply(String text, Charset charset) {
        byte[] bytes = text.getBytes(charset);
        ByteArrayOutputStream masked = new ByteArrayOutputStream(bytes.length);
        try {
            pass(bytes, 0, bytes.length, true, masked);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail", e);
        }
        return masked.toString(charset);
    }

    /**
     * Writes the bytes to {@code out}, masked, as far as it is certain what they are.
     *
     * @param complete whether nothing follows, so that all is certain
     * @return the index of the first byte not written: from there on the bytes are the beginning of a secret, and the caller
     *     calls again with them before those that follow; {@code end} where all is written
     */
    int pass(byte[] bytes, int start, int end, boolean complete, OutputStream out) throws IOException {
        int written = start;
        int at = start;
        int longest = window - 1;
        while (at + window <= end) {
            int shift = shifts[block(bytes, at + longest)];
            if (shift == longest) {
                // Nearly always. The same as below, but a step that the processor knows before it has read the table,
                // so
                // that it looks at several windows at once.
                at += longest;
                continue;
            }
            if (shift > 0) {
                at += shift;
                continue;
            }
            if (!complete && beginsAt(bytes, at, end)) {
                break;
            }
            int length = lengthAt(bytes, at, end);
            if (length == 0) {
                at++;
            } else {
                out.write(bytes, written, at - written);
                out.write(STARS);
                at += length;
                written = at;
            }
        }
        while (at < end && (complete || !beginsAt(bytes, at, end))) {
            at++;
        }
        out.write(bytes, written, at - written);
        return at;
    }

    /** The index up to which no secret begins that may go on after {@code end}. */
    int certain(byte[] bytes, int start, int end) {
        try {
            return pass(bytes, start, end, false, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("Nothing is written", e);
        }
    }

    /** The length of the longest secret at {@code at}; 0 where there is none. */
    private int lengthAt(byte[] bytes, int at, int end) {
        for (byte[] secret : secrets) {
            if (secret.length <= end - at && startsWith(secret, bytes, at, at + secret.length)) {
                return secret.length;
            }
        }
        return 0;
    }

    /** Whether all bytes from {@code at} are the beginning of a secret that is longer than they are. */
    private boolean beginsAt(byte[] bytes, int at, int end) {
        for (byte[] secret : secrets) {
            if (secret.length > end - at && startsWith(secret, bytes, at, end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] secret, byte[] bytes, int from, int to) {
        return secret[0] == bytes[from] && Arrays.equals(secret, 0, to - from, bytes, from, to);
    }

    /** The hash of the two bytes of which the last is at {@code last}. */
    private static int block(byte[] bytes, int last) {
        return (bytes[last - 1] * 61 + bytes[last]) & (SHIFTS - 1);
    }

    /** Overwrites the secrets. */
    void wipe() {
        secrets.forEach(secret -> Arrays.fill(secret, (byte) 0));
        Arrays.fill(shifts, (byte) 0);
    }

    /** Never a secret. */
    @Override
    public String toString() {
        return "SecretMask[****]";
    }
}
