package io.jenkins.plugins.sshexec.core.launch;

/**
 * A command for the user's login shell.
 *
 * @param text one line or many; not copied
 */
public record CommandLine(byte[] text) implements Program {

    /** Without the command, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "CommandLine[" + text.length + " bytes]";
    }
}
