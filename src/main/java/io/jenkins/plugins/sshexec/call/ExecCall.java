package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/**
 * One command as the user asked for it, checked.
 *
 * @param credentialsId null to take the one set of credentials that fits the host
 * @param charset in which the command is sent and its output is read
 * @param quiet whether the log leaves the command out
 * @param returned what of the command the caller wants back
 */
public record ExecCall(
        Destination destination,
        @CheckForNull String credentialsId,
        String command,
        Charset charset,
        boolean quiet,
        Returned returned) {

    /** What a caller wants back, beyond how the command ended. */
    public enum Returned {
        /** Nothing: all output goes to the log. */
        NOTHING,
        /** Standard output, which then stays out of the log. */
        STDOUT,
        /** Standard output and standard error, which go to the log too. */
        ALL_OUTPUT
    }

    /**
     * @param host {@code [user@]host[:port]}
     * @param encoding name of a charset; empty or null for UTF-8
     * @throws AbortException whose message is one sentence that says what to type instead
     */
    public static ExecCall of(
            @CheckForNull String host,
            @CheckForNull String credentialsId,
            @CheckForNull String command,
            @CheckForNull String encoding,
            boolean quiet,
            Returned returned)
            throws AbortException {
        Charset charset = charset(encoding);
        return new ExecCall(
                destination(host),
                Util.fixEmptyAndTrim(credentialsId),
                command(command, charset),
                charset,
                quiet,
                returned);
    }

    private static Destination destination(@CheckForNull String host) throws AbortException {
        try {
            return Destination.parse(host);
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    private static String command(@CheckForNull String command, Charset charset) throws AbortException {
        if (command == null || command.isBlank()) {
            throw new AbortException(Messages.ExecCall_noCommand());
        }
        if (command.indexOf('\0') >= 0) {
            throw new AbortException(Messages.ExecCall_nulInCommand());
        }
        int length = command.getBytes(charset).length;
        if (length > SshSession.MAX_COMMAND_BYTES) {
            throw new AbortException(Messages.ExecCall_longCommand(length, SshSession.MAX_COMMAND_BYTES));
        }
        return command;
    }

    private static Charset charset(@CheckForNull String encoding) throws AbortException {
        String name = Util.fixEmptyAndTrim(encoding);
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new AbortException(Messages.ExecCall_encoding(name));
        }
    }

    /** The command as the remote login shell gets it. */
    byte[] commandBytes() {
        return command.getBytes(charset);
    }
}
