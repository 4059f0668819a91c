package io.jenkins.plugins.sshexec.core.durable;

/**
 * How much of a command's output is where it belongs.
 *
 * @param stdout in bytes
 * @param stderr in bytes
 */
public record Offsets(long stdout, long stderr) {

    /** Nothing yet. */
    public static final Offsets NONE = new Offsets(0, 0);
}
