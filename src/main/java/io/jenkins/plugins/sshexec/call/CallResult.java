package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import java.time.Duration;

/**
 * How a command ended, with the output that was asked for.
 *
 * @param host that the command ran on, as the user calls it
 * @param stdout empty unless asked for
 * @param stderr empty unless asked for
 */
public record CallResult(
        String host, RemoteExit exit, Duration duration, boolean reusedSession, String stdout, String stderr) {

    /** What a POSIX shell adds to a signal's number to make an exit status of it. */
    private static final int SIGNAL_OFFSET = 128;

    /** The exit status; for a command that a signal ended, what a shell would show, such as 137 for KILL. */
    public int status() {
        return exit instanceof Exited exited ? exited.status() : SIGNAL_OFFSET + signalNumber();
    }

    /** The signal's name without SIG; null for a command that exited. */
    public String signal() {
        return exit instanceof Signalled signalled ? signalled.signal() : null;
    }

    public boolean isSuccess() {
        return exit.equals(new Exited(0));
    }

    /** @throws AbortException unless the command exited with status 0 */
    public void requireSuccess() throws AbortException {
        if (!isSuccess()) {
            throw new AbortException(failure());
        }
    }

    /** One sentence that says how a command that did not succeed ended. */
    public String failure() {
        return signal() == null
                ? Messages.CallResult_status(host, status())
                : Messages.CallResult_signal(host, signal());
    }

    /** The numbers that POSIX gives to the signals that RFC 4254 section 6.10 names and that POSIX numbers; else 0. */
    private int signalNumber() {
        return switch (signal()) {
            case "HUP" -> 1;
            case "INT" -> 2;
            case "QUIT" -> 3;
            case "ABRT" -> 6;
            case "KILL" -> 9;
            case "ALRM" -> 14;
            case "TERM" -> 15;
            // The other names have numbers that differ between systems; Linux's are the most common.
            case "ILL" -> 4;
            case "FPE" -> 8;
            case "USR1" -> 10;
            case "SEGV" -> 11;
            case "USR2" -> 12;
            case "PIPE" -> 13;
            default -> 0;
        };
    }
}
