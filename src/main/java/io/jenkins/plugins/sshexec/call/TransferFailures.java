package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;

/** From the failure to copy a file to one sentence that names the file and says what to do. */
final class TransferFailures {

    private TransferFailures() {}

    /** @param host as the user calls it */
    static String describe(TransferFailed failure, String host) {
        String path = LogText.oneLine(failure.path());
        String file = failure.side() == Side.HOST
                ? Messages.TransferFailures_onHost(path, host)
                : Messages.TransferFailures_inWorkspace(path);
        String detail = LogText.oneLine(failure.detail());
        return switch (failure.problem()) {
            case MISSING -> Messages.TransferFailures_missing(file);
            case DENIED -> Messages.TransferFailures_denied(file, detail);
            case OUTSIDE -> Messages.TransferFailures_outside(file);
            case NAME -> Messages.TransferFailures_name(file);
            case CHANGED -> Messages.TransferFailures_changed(file);
            case SPECIAL -> Messages.TransferFailures_special(file);
            case TWICE -> Messages.TransferFailures_twice(file);
            case TOO_MANY -> Messages.TransferFailures_tooMany(file);
            case NOTHING -> Messages.TransferFailures_nothing(file);
            case OTHER -> Messages.TransferFailures_other(file, detail);
        };
    }
}
