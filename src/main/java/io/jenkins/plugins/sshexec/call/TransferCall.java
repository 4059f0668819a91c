package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.transfer.FileSelection;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Files that a user wants copied, checked. The checks are those of the forms too.
 *
 * @param credentialsId null to take the one set of credentials whose domain names the host
 * @param from never null; empty for the whole workspace
 * @param into never null; empty for the whole workspace
 * @param limit after how long the transfer is ended
 */
public record TransferCall(
        Destination destination,
        @CheckForNull String credentialsId,
        Direction direction,
        String from,
        String into,
        FileSelection selection,
        TransferOptions options,
        Optional<Duration> limit) {

    /** What a form offers for the files that are there already, the default first. */
    public static final List<String> OVERWRITE = Arrays.stream(Overwrite.values())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();

    /** What a user types of it, in the words of the steps. Null stands for what is not given. */
    public record Typed(
            @CheckForNull String from,
            @CheckForNull String into,
            @CheckForNull String includes,
            @CheckForNull String excludes,
            boolean flatten,
            @CheckForNull String overwrite,
            boolean keepPermissions,
            boolean keepTimes,
            int timeoutSeconds) {}

    /** From the workspace to a host. @throws AbortException whose message is one sentence that says what to type instead */
    public static TransferCall put(@CheckForNull String host, @CheckForNull String credentialsId, Typed typed)
            throws AbortException {
        return of(host, credentialsId, Direction.PUT, path(typed.from()), intoHost(typed.into()), typed);
    }

    /** From a host to the workspace. @throws AbortException as {@link #put} */
    public static TransferCall get(@CheckForNull String host, @CheckForNull String credentialsId, Typed typed)
            throws AbortException {
        return of(host, credentialsId, Direction.GET, fromHost(typed.from()), path(typed.into()), typed);
    }

    private static TransferCall of(
            @CheckForNull String host,
            @CheckForNull String credentialsId,
            Direction direction,
            String from,
            String into,
            Typed typed)
            throws AbortException {
        return new TransferCall(
                ExecCall.destination(host),
                Util.fixEmptyAndTrim(credentialsId),
                direction,
                from,
                into,
                FileSelection.of(typed.includes(), typed.excludes()),
                new TransferOptions(
                        typed.flatten(), overwrite(typed.overwrite()), typed.keepPermissions(), typed.keepTimes()),
                ExecCall.timeout("timeoutSeconds", typed.timeoutSeconds()));
    }

    /** Where to on the host, which has to be given. */
    public static String intoHost(@CheckForNull String typed) throws AbortException {
        String path = path(typed);
        if (path.isEmpty()) {
            throw new AbortException(Messages.TransferCall_into());
        }
        return path;
    }

    /** Where from on the host, which has to be given. */
    public static String fromHost(@CheckForNull String typed) throws AbortException {
        String path = path(typed);
        if (path.isEmpty()) {
            throw new AbortException(Messages.TransferCall_from());
        }
        return path;
    }

    private static String path(@CheckForNull String typed) throws AbortException {
        String path = Util.fixNull(typed).trim();
        if (path.indexOf(0) >= 0) {
            throw new AbortException(Messages.TransferCall_nul());
        }
        return path;
    }

    /** What a word means; nothing stands for the default. */
    public static Overwrite overwrite(@CheckForNull String word) throws AbortException {
        String typed = Util.fixNull(word).trim();
        if (typed.isEmpty()) {
            return Overwrite.ALWAYS;
        }
        if (!OVERWRITE.contains(typed)) {
            throw new AbortException(Messages.TransferCall_overwrite(LogText.oneLine(typed)));
        }
        return Overwrite.valueOf(typed.toUpperCase(Locale.ROOT));
    }
}
