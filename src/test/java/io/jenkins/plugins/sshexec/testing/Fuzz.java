package io.jenkins.plugins.sshexec.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes bad input out of good input, and runs a check on a lot of it. The inputs are the same in each run, so that a failure
 * can be seen again; {@code -Dssh-exec.fuzz.seed=N} makes others.
 */
public final class Fuzz {

    /** What separates and ends things, what has no place in text, and what is wider than a Java character. */
    private static final List<String> PIECES = List.of(
            "",
            " ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\0",
            "\u0001",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u2028",
            "\u202e",
            "\ufeff",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00",
            "\u00fc",
            "\u0130",
            "@",
            ":",
            "[",
            "]",
            "%",
            "/",
            "\\",
            "'",
            "\"",
            "$",
            "`",
            ";",
            "|",
            "*",
            "?",
            "!",
            ",",
            "=",
            "+",
            "-",
            "-----",
            "#",
            "<script>",
            "${x}",
            "{0}",
            "\\E",
            "\\Q",
            "|1|",
            "0",
            "65536",
            "99999999999999999999",
            "-1",
            "::1",
            "a",
            "AAAA");

    private static final long SEED = Long.getLong("ssh-exec.fuzz.seed", 20_260);

    /** A check of one input; what it throws is a failure. */
    @FunctionalInterface
    public interface Check<T> {
        void of(T input) throws Exception;
    }

    private final Random random;

    private Fuzz(Random random) {
        this.random = random;
    }

    /** Checks so many texts, each made from one of the examples. */
    public static void texts(int rounds, List<String> examples, Check<String> check) {
        for (int round = 0; round < rounds; round++) {
            Fuzz fuzz = new Fuzz(new Random(SEED + round));
            String input = fuzz.text(examples.get(round % examples.size()));
            run(round, input, input, check);
        }
    }

    /** Checks so many byte strings, each made from one of the examples. */
    public static void bytes(int rounds, List<byte[]> examples, Check<byte[]> check) {
        for (int round = 0; round < rounds; round++) {
            Fuzz fuzz = new Fuzz(new Random(SEED + round));
            byte[] input = fuzz.bytes(examples.get(round % examples.size()));
            run(round, new String(input, StandardCharsets.ISO_8859_1), input, check);
        }
    }

    private static <T> void run(int round, String shown, T input, Check<T> check) {
        try {
            check.of(input);
        } catch (Exception | Error e) {
            String excerpt = shown.length() > 2_000 ? shown.substring(0, 2_000) + "..." : shown;
            throw new AssertionError(
                    "seed " + SEED + ", round " + round + ", input of " + shown.length() + " characters:\n" + excerpt,
                    e);
        }
    }

    private String text(String example) {
        StringBuilder text = new StringBuilder(example);
        for (int changes = random.nextInt(6); changes >= 0; changes--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(8));
            switch (random.nextInt(6)) {
                case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.delete(at, end);
                case 3 -> text.insert(at, text.substring(at, end));
                case 4 -> text.insert(at, (char) random.nextInt(0x10000));
                default ->
                    text.replace(
                            at,
                            end,
                            new StringBuilder(text.substring(at, end)).reverse().toString());
            }
        }
        if (random.nextInt(100) == 0) {
            // Now and then something very long.
            text.insert(
                    random.nextInt(text.length() + 1),
                    PIECES.get(random.nextInt(PIECES.size())).repeat(10_000));
        }
        return text.toString();
    }

    private byte[] bytes(byte[] example) {
        byte[] bytes = example.clone();
        for (int changes = random.nextInt(4); changes >= 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                // Lengths and counts become huge, or negative.
                case 2 ->
                    Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) (random.nextBoolean() ? 0xff : 0x7f));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), (byte) 0);
            }
        }
        return bytes;
    }
}
