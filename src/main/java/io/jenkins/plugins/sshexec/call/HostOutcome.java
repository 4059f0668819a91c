package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What became of the command on one of many hosts.
 *
 * @param host as the user calls it
 * @param result null where it is not known how the command ended, or it was not run
 * @param failure one sentence; null where the command did what was wanted
 */
public record HostOutcome(
        String host,
        Kind kind,
        @CheckForNull CallResult result,
        @CheckForNull String failure) {

    /** How sure it is what was run. */
    public enum Kind {
        /** The command ended as was wanted. */
        SUCCEEDED,
        /** The command failed, or it is not known how it ended. */
        FAILED,
        /** There was no session for it, so that nothing was run and another try may do better. */
        NOT_REACHED,
        /** The failure of another host ended it, or kept it from being started. */
        CALLED_OFF
    }

    static HostOutcome of(CallResult result, String host, boolean anyStatus) {
        return anyStatus || result.isSuccess()
                ? new HostOutcome(host, Kind.SUCCEEDED, result, null)
                : new HostOutcome(host, Kind.FAILED, result, result.failure());
    }

    static HostOutcome failed(String host, String failure, boolean notReached) {
        return new HostOutcome(host, notReached ? Kind.NOT_REACHED : Kind.FAILED, null, failure);
    }

    static HostOutcome calledOff(String host, String why) {
        return new HostOutcome(host, Kind.CALLED_OFF, null, why);
    }

    public boolean isFailure() {
        return kind == Kind.FAILED || kind == Kind.NOT_REACHED;
    }

    /** For one cell of a table: the exit status, or the signal. */
    String ending() {
        if (result == null) {
            return "-";
        }
        return result.signal() == null
                ? Integer.toString(result.status())
                : Messages.HostOutcome_signal(result.signal());
    }
}
