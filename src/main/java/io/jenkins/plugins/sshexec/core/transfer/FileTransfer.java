package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.pool.SessionPool;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.util.concurrent.CompletableFuture;

/**
 * Copies files over a pool. Every file comes under a temporary name in the directory that it goes to, and takes the place of
 * what was there in one moment when all of it is there. So a transfer that is repeated does no harm, and after the loss of a
 * session it goes on with another one by itself. Thread-safe; one object serves all builds.
 */
public final class FileTransfer {

    private final SessionPool pool;
    private final TransferThreads threads;
    private final TemporaryNames names;
    private final NanoClock clock;

    public FileTransfer(SessionPool pool, TransferThreads threads, TemporaryNames names, NanoClock clock) {
        this.pool = pool;
        this.threads = threads;
        this.names = names;
        this.clock = clock;
    }

    /**
     * Copies the files. Returns at once; holds threads of its own while it copies, and none while it waits for a session.
     *
     * @param cancellation ends the transfer within two seconds. Files that are in place stay. The future then completes with a
     *     {@link java.util.concurrent.CancellationException}.
     * @return what was copied; or exceptionally a {@link io.jenkins.plugins.sshexec.core.error.SshException}
     */
    public CompletableFuture<TransferResult> run(
            TransferRequest request, Workspace workspace, TransferObserver observer, Cancellation cancellation) {
        Progress progress = new Progress(clock);
        Cancellation stop = new Cancellation();
        Workspace stoppable = new StoppableWorkspace(workspace, stop);
        Carriage carriage =
                switch (request.direction()) {
                    case PUT -> new Put(request, stoppable, names, threads, progress);
                    case GET -> new Get(request, stoppable, names, threads, progress);
                };
        // A copy: a caller that completes it would keep from running what gives the leases back.
        return new Transfer(pool, request, carriage, observer, threads, progress, stop)
                .run(cancellation)
                .copy();
    }
}
