package io.jenkins.plugins.sshexec.core.transport;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server is asked to run, and with what around it. Immutable.
 *
 * @param line the bytes that the remote login shell reads, as OpenSSH sends them for {@code ssh host command}
 * @param environment sent before the command (RFC 4254 section 6.4). Servers drop, without a word, what they do not let in
 *     (AcceptEnv in sshd_config(5)), so only what the command can do without belongs here.
 * @param terminal the pseudo-terminal that the command gets (RFC 4254 section 6.2); empty for none
 * @param readsInput whether {@link RemoteProcess#stdin} is written to; otherwise the command reads an empty stdin, as with
 *     {@code ssh -n}
 */
public record RemoteCommand(
        byte[] line, Map<String, String> environment, Optional<Terminal> terminal, boolean readsInput) {

    /** Longest line that fits into one SSH packet (RFC 4253 section 6.1: 35,000 bytes) on every server. */
    public static final int MAX_BYTES = 32_000;

    /**
     * @param type as in terminfo(5), such as {@code xterm}
     * @param columns width in characters
     * @param rows height in characters
     */
    public record Terminal(String type, int columns, int rows) {}

    public RemoteCommand {
        if (line.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "The command has " + line.length + " bytes; at most " + MAX_BYTES + " fit.");
        }
        line = line.clone();
        environment = Map.copyOf(environment);
        Objects.requireNonNull(terminal, "terminal");
    }

    /** A command with an empty stdin, and with nothing around it. */
    public static RemoteCommand of(byte[] line) {
        return new RemoteCommand(line, Map.of(), Optional.empty(), false);
    }

    /** As {@link #of(byte[])}, in UTF-8. */
    public static RemoteCommand of(String line) {
        return of(line.getBytes(StandardCharsets.UTF_8));
    }

    public RemoteCommand withEnvironment(Map<String, String> variables) {
        return new RemoteCommand(line, variables, terminal, readsInput);
    }

    public RemoteCommand withTerminal(Terminal wanted) {
        return new RemoteCommand(line, environment, Optional.of(wanted), readsInput);
    }

    public RemoteCommand withInput() {
        return new RemoteCommand(line, environment, terminal, true);
    }

    @Override
    public byte[] line() {
        return line.clone();
    }

    /** Without the command, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "RemoteCommand[" + line.length + " bytes]";
    }
}
