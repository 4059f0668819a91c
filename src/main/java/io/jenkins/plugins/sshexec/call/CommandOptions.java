package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.sshexec.core.exec.InputSource;
import io.jenkins.plugins.sshexec.core.launch.CommandSetting;
import io.jenkins.plugins.sshexec.core.launch.Sudo;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand.Terminal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What goes with a command, checked. The checks are those of the forms too.
 *
 * @param directory null for the home directory
 * @param variables by name
 * @param terminal null for none
 * @param text for the command's stdin; null for none
 * @param file for the command's stdin; null for none
 * @param sudo null to run as the user who logs in
 */
public record CommandOptions(
        @CheckForNull String directory,
        Map<String, String> variables,
        @CheckForNull Terminal terminal,
        @CheckForNull String text,
        @CheckForNull WorkspaceFile file,
        @CheckForNull AsUser sudo) {

    /** Nothing goes with it. */
    public static final CommandOptions NONE = new CommandOptions(null, Map.of(), null, null, null, null);

    /** As most servers give one, and what programs expect that know no better. */
    private static final Terminal USUAL_TERMINAL = new Terminal("xterm", 80, 24);

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Of all variables together: what Linux takes for one, so that no host refuses the command for their sake. */
    private static final int MAX_VARIABLES_BYTES = 128 * 1024 - 1024;

    /** @param credentialsId of the password; null for the one of the login */
    record AsUser(String user, @CheckForNull String credentialsId) {}

    /** For the file of a build's workspace. */
    @FunctionalInterface
    public interface Workspace {
        /** Null where the build has none at this place. */
        @CheckForNull
        FilePath get() throws IOException, InterruptedException;
    }

    /**
     * @param expand for what may have variables of the build
     * @throws AbortException whose message is one sentence that says what to type instead
     */
    public static CommandOptions of(TypedOptions typed, UnaryOperator<String> expand, Workspace workspace)
            throws IOException, InterruptedException {
        List<String> env = typed.getEnv();
        return new CommandOptions(
                directory(expand.apply(typed.getWorkingDirectory())),
                env == null ? Map.of() : variables(env, expand),
                terminal(typed.getPty()),
                expand.apply(typed.getStdin()),
                file(expand.apply(typed.getStdinFile()), typed.getStdin(), workspace),
                sudo(typed, expand));
    }

    @CheckForNull
    private static WorkspaceFile file(@CheckForNull String path, @CheckForNull String stdin, Workspace workspace)
            throws IOException, InterruptedException {
        if (path == null) {
            return null;
        }
        return inWorkspace(inputFile(path, stdin), workspace);
    }

    /** @param checked by {@link #workspacePath} */
    static WorkspaceFile inWorkspace(String checked, Workspace workspace) throws IOException, InterruptedException {
        FilePath root = workspace.get();
        if (root == null) {
            throw new AbortException(Messages.CommandOptions_noWorkspace());
        }
        return new WorkspaceFile(root, checked);
    }

    /** @param stdin null for no input but the file's */
    public static String inputFile(String typed, @CheckForNull String stdin) throws AbortException {
        if (stdin != null) {
            throw new AbortException(Messages.CommandOptions_twoInputs());
        }
        return workspacePath(typed);
    }

    /** A path that leads out of no workspace. */
    public static String workspacePath(String typed) throws AbortException {
        String path = typed.replace('\\', '/');
        if (path.startsWith("/")
                || path.contains(":")
                || List.of(path.split("/")).contains("..")) {
            throw new AbortException(Messages.CommandOptions_path(LogText.oneLine(typed)));
        }
        return path;
    }

    @CheckForNull
    private static AsUser sudo(TypedOptions typed, UnaryOperator<String> expand) throws AbortException {
        if (typed.isSudo()) {
            return new AsUser(sudoUser(expand.apply(typed.getSudoUser())), typed.getSudoCredentialsId());
        }
        if (typed.getSudoUser() != null || typed.getSudoCredentialsId() != null) {
            throw new AbortException(Messages.CommandOptions_noSudo());
        }
        return null;
    }

    /** The directory as it is used; null for the home directory. */
    @CheckForNull
    public static String directory(@CheckForNull String typed) throws AbortException {
        String directory = Util.fixEmpty(typed);
        if (directory != null && directory.startsWith("~")) {
            throw new AbortException(Messages.CommandOptions_tilde(LogText.oneLine(directory)));
        }
        return directory;
    }

    /** From {@code NAME=value} each. */
    public static Map<String, String> variables(List<String> typed) throws AbortException {
        return variables(typed, UnaryOperator.identity());
    }

    private static Map<String, String> variables(List<String> typed, UnaryOperator<String> expand)
            throws AbortException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String each : typed) {
            int equals = each.indexOf('=');
            if (equals < 0 || !NAME.matcher(each.substring(0, equals)).matches()) {
                // Not the value, which may be a secret.
                throw new AbortException(Messages.CommandOptions_variable(
                        LogText.oneLine(equals < 0 ? each : each.substring(0, equals))));
            }
            variables.put(each.substring(0, equals), expand.apply(each.substring(equals + 1)));
        }
        return variables;
    }

    /** The terminal that is asked for; null for none. */
    @CheckForNull
    public static Terminal terminal(@CheckForNull String typed) throws AbortException {
        String size = Util.fixEmptyAndTrim(typed);
        if (size == null || size.equals("false")) {
            return null;
        }
        if (size.equals("true")) {
            return USUAL_TERMINAL;
        }
        Matcher matcher = SIZE.matcher(size);
        if (!matcher.matches()) {
            throw new AbortException(Messages.CommandOptions_pty(LogText.oneLine(size)));
        }
        return new Terminal(
                USUAL_TERMINAL.type(), Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** As whom a command runs by sudo: root where nobody is named. */
    public static String sudoUser(@CheckForNull String typed) throws AbortException {
        String user = Util.fixEmptyAndTrim(typed);
        if (user != null && !Sudo.isUser(user)) {
            throw new AbortException(Messages.CommandOptions_sudoUser(LogText.oneLine(user)));
        }
        return user == null ? "root" : user;
    }

    /** Whether nothing goes with the command. */
    boolean isEmpty() {
        return equals(NONE);
    }

    /**
     * As the core wants it. Reads nothing of a file yet; may block where there is one, on an agent.
     *
     * @param charset of what is typed here
     * @param password for sudo; empty where there is none
     * @throws AbortException where the charset has not all characters, or the file is not there
     */
    CommandSetting setting(Charset charset, Optional<SecretBytes> password) throws AbortException {
        Map<String, byte[]> encoded = new LinkedHashMap<>();
        int bytes = 0;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            byte[] value = encoded(variable.getKey(), variable.getValue(), charset);
            bytes += value.length;
            encoded.put(variable.getKey(), value);
        }
        if (bytes > MAX_VARIABLES_BYTES) {
            throw new AbortException(Messages.CommandOptions_longVariables(bytes, MAX_VARIABLES_BYTES));
        }
        return new CommandSetting(
                directory == null ? Optional.empty() : Optional.of(encoded("workingDirectory", directory, charset)),
                encoded,
                Optional.ofNullable(terminal),
                input(charset),
                sudo == null ? Optional.empty() : Optional.of(new Sudo(sudo.user(), password)));
    }

    private static byte[] encoded(String what, String value, Charset charset) throws AbortException {
        byte[] bytes = ExecCall.encoded(value, charset)
                .orElseThrow(() -> new AbortException(Messages.CommandOptions_unmappable(what, charset.name())));
        for (byte each : bytes) {
            if (each == 0) {
                throw new AbortException(Messages.CommandOptions_nul(what));
            }
        }
        return bytes;
    }

    private Optional<InputSource> input(Charset charset) throws AbortException {
        if (text != null) {
            return Optional.of(InputSource.of(ExecCall.encoded(text, charset)
                    .orElseThrow(
                            () -> new AbortException(Messages.CommandOptions_unmappable("stdin", charset.name())))));
        }
        return file == null ? Optional.empty() : Optional.of(CommandOptions.read(file));
    }

    /** @throws AbortException where there is no such file; may block */
    void requireFile() throws AbortException {
        try {
            if (file != null && !file.isThere()) {
                throw new AbortException(Messages.CommandOptions_noFile(file.shown()));
            }
        } catch (AbortException e) {
            throw e;
        } catch (IOException e) {
            throw new AbortException(Messages.CommandOptions_unreadableFile(
                    file.shown(), LogText.oneLine(String.valueOf(e.getMessage()))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AbortException(Messages.CommandOptions_unreadableFile(file.shown(), "interrupted"));
        }
    }

    private static InputSource read(WorkspaceFile file) {
        return () -> {
            try {
                return file.open();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException(file.shown()).initCause(e);
            }
        };
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "CommandOptions[" + variables.keySet() + ", " + terminal + ", " + sudo + "]";
    }
}
