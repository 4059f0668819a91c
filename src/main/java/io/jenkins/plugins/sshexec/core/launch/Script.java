package io.jenkins.plugins.sshexec.core.launch;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A script that is brought along: a file of its own on the host for as long as it runs.
 *
 * @param text any bytes but NUL, at most {@link #MAX_BYTES}; not copied
 * @param name of the file, for what the script says of itself; without a slash
 * @param interpreter the words before the file's name; its first is found by {@code PATH}
 * @param arguments the words after it
 */
public record Script(byte[] text, String name, List<String> interpreter, List<byte[]> arguments) implements Program {

    /** A shell reads the text a byte at a time, so that it takes seconds for this much. */
    public static final int MAX_BYTES = 1024 * 1024;

    private static final List<String> SHELL = List.of("/bin/sh");

    public Script {
        if (text.length > MAX_BYTES) {
            throw new IllegalArgumentException("The script has " + text.length + " bytes");
        }
        interpreter = List.copyOf(interpreter);
        arguments = List.copyOf(arguments);
    }

    /** As the system reads a script's first line (execve(2) on Linux): one argument at most, whatever spaces are in it. */
    public static List<String> interpreterOf(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        String first = new String(text, 0, end, StandardCharsets.UTF_8);
        if (!first.startsWith("#!") || first.substring(2).isBlank()) {
            return SHELL;
        }
        return List.of(first.substring(2).strip().split("\\s+", 2));
    }

    /** Without the text, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "Script[" + name + ", " + text.length + " bytes]";
    }
}
