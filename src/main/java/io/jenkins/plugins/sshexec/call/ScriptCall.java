package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.sshexec.core.launch.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * A script as the user asked for it, checked as far as that goes before it is read.
 *
 * @param file of the workspace; null where there is a text
 * @param text empty where there is a file
 * @param interpreter empty for that of the script's first line
 */
public record ScriptCall(
        @CheckForNull WorkspaceFile file, String text, List<String> interpreter, List<String> arguments) {

    /**
     * @param file path within the workspace; empty or null for none
     * @param text empty or null for none
     * @param interpreter program with options; empty or null for that of the script's first line
     * @param arguments null for none
     */
    public static ScriptCall of(
            @CheckForNull String file,
            @CheckForNull String text,
            @CheckForNull String interpreter,
            @CheckForNull List<String> arguments,
            CommandOptions.Workspace workspace)
            throws IOException, InterruptedException {
        requireOne(file, text);
        String path = Util.fixEmptyAndTrim(file);
        return new ScriptCall(
                path == null ? null : CommandOptions.inWorkspace(CommandOptions.workspacePath(path), workspace),
                Util.fixNull(text),
                interpreter(interpreter),
                arguments == null ? List.of() : List.copyOf(arguments));
    }

    /** Checks that there is a file, or else a text. */
    public static boolean requireOne(@CheckForNull String file, @CheckForNull String text) throws AbortException {
        if ((Util.fixEmptyAndTrim(file) == null) == (Util.fixEmpty(text) == null)) {
            throw new AbortException(Messages.ScriptCall_oneSource());
        }
        return true;
    }

    /** The words of what is typed; none for that of the script's first line. */
    public static List<String> interpreter(@CheckForNull String typed) throws AbortException {
        String words = Util.fixEmptyAndTrim(typed);
        if (words == null) {
            return List.of();
        }
        if (words.startsWith("-") || words.chars().anyMatch(Character::isISOControl)) {
            throw new AbortException(Messages.ScriptCall_interpreter(LogText.oneLine(words)));
        }
        return List.of(words.split(" +"));
    }

    /** For the log: the file's name, or the first line of the text, with the arguments. */
    public String shown() {
        List<String> words = new ArrayList<>();
        words.add(file == null ? LogText.firstLine(text) : file.name());
        words.addAll(arguments);
        return String.join(" ", words);
    }

    /** Reads the file, if it is one; may block. */
    Script read(Charset charset) throws AbortException {
        byte[] bytes = file == null ? encoded(charset) : content(file);
        if (bytes.length > Script.MAX_BYTES) {
            throw new AbortException(Messages.ScriptCall_long(Script.MAX_BYTES));
        }
        for (byte each : bytes) {
            if (each == 0) {
                throw new AbortException(Messages.ScriptCall_nul());
            }
        }
        List<byte[]> words = new ArrayList<>();
        for (String argument : arguments) {
            words.add(ExecCall.encoded(argument, charset)
                    .filter(word -> argument.indexOf('\0') < 0)
                    .orElseThrow(() -> new AbortException(Messages.ScriptCall_args(charset.name()))));
        }
        return new Script(
                bytes,
                file == null ? "script" : file.name(),
                interpreter.isEmpty() ? Script.interpreterOf(bytes) : interpreter,
                words);
    }

    private byte[] encoded(Charset charset) throws AbortException {
        return ExecCall.encoded(text, charset)
                .orElseThrow(() -> new AbortException(Messages.ScriptCall_unmappable(charset.name())));
    }

    private static byte[] content(WorkspaceFile file) throws AbortException {
        try {
            if (!file.isThere()) {
                throw new AbortException(Messages.ScriptCall_noFile(file.shown()));
            }
            try (InputStream in = file.open()) {
                return in.readNBytes(Script.MAX_BYTES + 1);
            }
        } catch (AbortException e) {
            throw e;
        } catch (IOException e) {
            throw new AbortException(
                    Messages.ScriptCall_unreadable(file.shown(), LogText.oneLine(String.valueOf(e.getMessage()))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AbortException(Messages.ScriptCall_unreadable(file.shown(), "interrupted"));
        }
    }

    /** Without the text, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "ScriptCall[" + (file == null ? "text" : file.shown()) + "]";
    }
}
