package io.jenkins.plugins.sshexec.core.launch;

import io.jenkins.plugins.sshexec.core.exec.InputSource;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand.Terminal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What goes with a command. Immutable but for the arrays, which are not copied.
 *
 * @param directory that the command starts in, without NUL; relative to where a login starts
 * @param variables of its environment, by name, without NUL; apart from what the server lets in of itself (AcceptEnv in sshd_config(5))
 * @param terminal the pseudo-terminal that the command gets; empty for none
 * @param input what it reads on its stdin; empty for nothing
 * @param sudo as whom it runs; empty for the user who logs in
 */
public record CommandSetting(
        Optional<byte[]> directory,
        Map<String, byte[]> variables,
        Optional<Terminal> terminal,
        Optional<InputSource> input,
        Optional<Sudo> sudo) {

    /** Nothing goes with it. */
    public static final CommandSetting NONE =
            new CommandSetting(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public CommandSetting {
        Objects.requireNonNull(directory, "directory");
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        Objects.requireNonNull(terminal, "terminal");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(sudo, "sudo");
    }

    /** Whether a shell has something to do before the command. */
    boolean needsLauncher() {
        return directory.isPresent() || !variables.isEmpty() || sudo.isPresent();
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "CommandSetting[" + variables.keySet() + ", " + terminal + ", " + sudo + "]";
    }
}
