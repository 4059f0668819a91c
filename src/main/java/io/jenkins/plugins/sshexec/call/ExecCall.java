package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.launch.CommandLine;
import io.jenkins.plugins.sshexec.core.launch.Program;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.MalformedDestinationException;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.util.Optional;

/**
 * One command as the user asked for it, checked. The checks are those of the forms too.
 *
 * @param credentialsId null to take the one set of credentials whose domain names the host
 * @param command as the remote login shell gets it
 * @param shown what the log shows of the command; empty for nothing
 * @param charset in which the output is read
 * @param limits after how long the command is ended
 * @param durable null for a command that belongs to its connection
 * @param options what goes with the command
 * @param script run in place of the command; null for none
 */
public record ExecCall(
        Destination destination,
        @CheckForNull String credentialsId,
        byte[] command,
        String shown,
        Charset charset,
        Returned returned,
        ExecLimits limits,
        @CheckForNull Durable durable,
        CommandOptions options,
        @CheckForNull ScriptCall script) {

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
     * @param quiet whether the log shows nothing of the command
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
        byte[] bytes = commandBytes(command, charset);
        return new ExecCall(
                destination(host),
                Util.fixEmptyAndTrim(credentialsId),
                bytes,
                quiet ? "" : command,
                charset,
                returned,
                ExecLimits.NONE,
                null,
                CommandOptions.NONE,
                null);
    }

    /** A durable command that was started before, and is to be found again; what it was is not needed for that. */
    public static ExecCall again(
            @CheckForNull String host,
            @CheckForNull String credentialsId,
            @CheckForNull String encoding,
            Returned returned,
            Durable durable)
            throws AbortException {
        return new ExecCall(
                destination(host),
                Util.fixEmptyAndTrim(credentialsId),
                new byte[0],
                "",
                charset(encoding),
                returned,
                ExecLimits.NONE,
                durable,
                CommandOptions.NONE,
                null);
    }

    /**
     * The same call, for a command that outlives its connection.
     *
     * @throws AbortException where something goes with the command, which no durable one takes
     */
    public ExecCall outliving(Durable wanted) throws AbortException {
        if (!options.isEmpty()) {
            throw new AbortException(Messages.ExecCall_durableOptions());
        }
        return new ExecCall(
                destination, credentialsId, command, shown, charset, returned, limits, wanted, options, script);
    }

    /** The same call, with what goes with the command. */
    public ExecCall with(CommandOptions wanted) throws AbortException {
        wanted.setting(charset, Optional.empty()); // for its checks
        return new ExecCall(
                destination, credentialsId, command, shown, charset, returned, limits, durable, wanted, script);
    }

    /** The same call, of a script in place of the command, which stands for it in the log. */
    public ExecCall of(ScriptCall wanted) {
        return new ExecCall(
                destination, credentialsId, command, shown, charset, returned, limits, durable, options, wanted);
    }

    /** What is to be run; may block, where that is a file. */
    Program program() throws AbortException {
        return script == null ? new CommandLine(command) : script.read(charset);
    }

    /** The same call, but with {@code text} in the log, unless nothing is shown at all. */
    public ExecCall shownAs(String text) {
        return new ExecCall(
                destination,
                credentialsId,
                command,
                shown.isEmpty() ? "" : text,
                charset,
                returned,
                limits,
                durable,
                options,
                script);
    }

    /**
     * The same call, ended after so long.
     *
     * @param idleSeconds without output; 0 for no limit
     * @param totalSeconds in all; 0 for no limit
     */
    public ExecCall within(int idleSeconds, int totalSeconds) throws AbortException {
        ExecLimits limited =
                new ExecLimits(timeout("idleTimeoutSeconds", idleSeconds), timeout("timeoutSeconds", totalSeconds));
        return new ExecCall(
                destination, credentialsId, command, shown, charset, returned, limited, durable, options, script);
    }

    /**
     * A limit that may be left out.
     *
     * @param parameter its name, for the message
     * @param seconds 0 for no limit
     */
    public static Optional<Duration> timeout(String parameter, int seconds) throws AbortException {
        if (seconds < 0) {
            throw new AbortException(Messages.ExecCall_timeout(parameter, seconds));
        }
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    /** Reads {@code [user@]host[:port]}. */
    public static Destination destination(@CheckForNull String host) throws AbortException {
        try {
            return Destination.parse(host);
        } catch (MalformedDestinationException e) {
            throw new AbortException(
                    switch (e.problem()) {
                        case MISSING -> Messages.ExecCall_hostMissing();
                        case TOO_LONG -> Messages.ExecCall_hostTooLong();
                        case FORM -> Messages.ExecCall_hostForm(e.part());
                        case NO_BRACKETS -> Messages.ExecCall_hostNoBrackets(e.part());
                        case HOST -> Messages.ExecCall_host(e.part());
                        case NOT_IP6 -> Messages.ExecCall_hostNotIp6(e.part());
                        case USER -> Messages.ExecCall_hostUser(e.part());
                        case PORT -> Messages.ExecCall_hostPort(e.part());
                    });
        }
    }

    /**
     * The command as it is sent. What the charset has no character for is refused rather than replaced: the usual
     * replacement is a question mark, which a shell takes for "any character".
     */
    public static byte[] commandBytes(@CheckForNull String command, Charset charset) throws AbortException {
        if (command == null || command.isBlank()) {
            throw new AbortException(Messages.ExecCall_noCommand());
        }
        byte[] bytes = encoded(command, charset)
                .orElseThrow(() -> new AbortException(Messages.ExecCall_unmappable(charset.name())));
        if (bytes.length > RemoteCommand.MAX_BYTES) {
            throw new AbortException(Messages.ExecCall_longCommand(bytes.length, RemoteCommand.MAX_BYTES));
        }
        for (byte each : bytes) {
            if (each == 0) {
                throw new AbortException(Messages.ExecCall_nulInCommand());
            }
        }
        return bytes;
    }

    /** Empty where the charset has not all of the characters. */
    static Optional<byte[]> encoded(String text, Charset charset) {
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return Optional.of(bytes);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The charset of that name; UTF-8 where none is given. */
    public static Charset charset(@CheckForNull String encoding) throws AbortException {
        String name = Util.fixEmptyAndTrim(encoding);
        try {
            Charset charset = name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
            if (charset.canEncode()) {
                return charset;
            }
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // Told below, like a charset that can only be read.
        }
        throw new AbortException(Messages.ExecCall_encoding(LogText.oneLine(name)));
    }
}
