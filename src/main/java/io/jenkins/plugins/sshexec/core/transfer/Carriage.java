package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * The files of one transfer, in one of the two directions. Knows which of them are in place, so that after the loss of a
 * session the rest can go on another.
 */
interface Carriage {

    /** Finds out what there is to copy as far as that takes no session. */
    void list() throws IOException, InterruptedException;

    /** Gets ready for the files that are left; called once for each try, by one thread. */
    void prepare(RemoteFiles files) throws IOException, InterruptedException;

    /** How many files are left. */
    int remaining();

    /**
     * Copies the next file; called by several threads at once, each with a lane of its own.
     *
     * @return false where there is none
     */
    boolean next(Lane lane) throws IOException;

    /**
     * No lane copies any more.
     *
     * @param orderly whether to wait until what has come over is in place; else that is given up
     */
    void finish(boolean orderly) throws IOException, InterruptedException;

    /** Ends what the workspace is waited for, from another thread. */
    void breakOff(Throwable why);

    /**
     * Nothing waits for the other side any more, and the names of temporary files are free again. Needed also after {@link
     * #breakOff}, which may have come before there was anything to break off.
     *
     * @return completed when the workspace has removed what it has of files that are not complete, or has failed to
     */
    CompletableFuture<Void> close();

    /** Where the files go, for the log. */
    String place();
}
