package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import java.time.Duration;
import java.util.UUID;

/**
 * That a command outlives its connection, and how it is found again.
 *
 * @param id of its folder on the host
 * @param directory of the folders of all commands there; null for the one in the user's home directory
 * @param startedBefore whether an earlier run of Jenkins has started it, or was about to
 * @param elapsed since it was first asked for
 */
public record Durable(UUID id, @CheckForNull String directory, boolean startedBefore, Duration elapsed) {

    /**
     * A command that is to be started.
     *
     * @param id random
     * @param directory empty or null for the user's home directory; otherwise an absolute path
     */
    public static Durable toStart(UUID id, @CheckForNull String directory) throws AbortException {
        return new Durable(id, directory(directory), false, Duration.ZERO);
    }

    /** The directory as it is used, checked. */
    @CheckForNull
    public static String directory(@CheckForNull String directory) throws AbortException {
        String path = Util.fixEmptyAndTrim(directory);
        if (path != null && (!path.startsWith("/") || path.chars().anyMatch(Character::isISOControl))) {
            throw new AbortException(Messages.Durable_directory(LogText.oneLine(path)));
        }
        return path;
    }
}
