package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * Files that are to be copied to a server or from there.
 *
 * @param holder who wants it
 * @param from a file, or a directory of which the content is copied: below the workspace, or on the server, where a relative
 *     path begins at the home directory
 * @param into where to: likewise on the other side
 * @param startTimeout for opening a channel and for the answer to the request
 * @param limit from the call on, waiting and connecting included
 */
public record TransferRequest(
        SessionSpec spec,
        LeaseHolder holder,
        Direction direction,
        String from,
        String into,
        FileSelection selection,
        TransferOptions options,
        Duration startTimeout,
        Optional<Duration> limit) {

    /** Which way the files go. */
    public enum Direction {
        /** From the workspace to the server. */
        PUT,
        /** From the server to the workspace. */
        GET
    }
}
