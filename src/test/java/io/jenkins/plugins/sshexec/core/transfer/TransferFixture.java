package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.pool.PoolSettings;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** All of a transfer as it is in Jenkins, between a directory and a real server on this machine. */
final class TransferFixture implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final TransferOptions DEFAULTS = new TransferOptions(false, Overwrite.ALWAYS, true, false);

    final OpenSshServer server;
    final RealExec core;
    final TemporaryNames names = new TemporaryNames(text -> TailDigest.of(text.getBytes()));
    final TransferThreads threads;
    final FileTransfer transfer;

    TransferFixture(String... sshdConfig) throws IOException {
        this(RealExec.settings(2, 20, 5), sshdConfig);
    }

    TransferFixture(PoolSettings settings, String... sshdConfig) throws IOException {
        this(new RealExec(settings), sshdConfig);
    }

    TransferFixture(RealExec core, String... sshdConfig) throws IOException {
        this.core = core;
        server = OpenSshServer.start(
                sshdConfig.length == 0 ? new String[] {"Subsystem sftp internal-sftp"} : sshdConfig);
        TimedExecutor enders = core.threads().enders();
        threads = new TransferThreads(enders, enders);
        transfer = new FileTransfer(core.pool(), threads, names, NanoClock.SYSTEM);
    }

    TransferRequest request(
            Endpoint endpoint, Direction direction, String from, String into, FileSelection what, TransferOptions how) {
        return new TransferRequest(
                core.spec(server, endpoint),
                RealExec.HOLDER,
                direction,
                from,
                into,
                what,
                how,
                RealExec.LIMIT,
                Optional.empty());
    }

    TransferResult put(Path workspace, String from, String into, FileSelection what, TransferOptions how)
            throws Exception {
        return end(run(Direction.PUT, workspace, from, into, what, how));
    }

    TransferResult put(Path workspace, String from, String into) throws Exception {
        return put(workspace, from, into, FileSelection.ALL, DEFAULTS);
    }

    TransferResult get(String from, Path workspace, String into, FileSelection what, TransferOptions how)
            throws Exception {
        return end(run(Direction.GET, workspace, from, into, what, how));
    }

    TransferResult get(String from, Path workspace, String into) throws Exception {
        return get(from, workspace, into, FileSelection.ALL, DEFAULTS);
    }

    CompletableFuture<TransferResult> run(
            Direction direction, Path workspace, String from, String into, FileSelection what, TransferOptions how) {
        return transfer.run(
                request(server.endpoint(), direction, from, into, what, how),
                new LocalWorkspace(workspace),
                new Events(),
                new Cancellation());
    }

    /** The failure itself, rather than what the future wraps it in. */
    static TransferResult end(CompletableFuture<TransferResult> future) throws Exception {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception told ? told : e;
        }
    }

    /** Names of what is left of transfers that did not come to their end. */
    static List<String> leftovers(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(TemporaryNames::isTemporary)
                    .toList();
        }
    }

    static TransferFailed failed(Throwable failure) {
        return (TransferFailed) failure;
    }

    @Override
    public void close() throws IOException {
        core.close();
        server.close();
    }

    /** What a build's log would be told. */
    static class Events implements TransferObserver {
        final List<String> seen = new CopyOnWriteArrayList<>();
        volatile Runnable whenStarting = () -> {};

        @Override
        public void waiting(int placeInLine) {
            seen.add("waiting " + placeInLine);
        }

        @Override
        public void paused() {
            seen.add("paused");
        }

        @Override
        public void connectingAgain(SshException failure) {
            seen.add("connecting again");
        }

        @Override
        public void starting(boolean reusedSession) {
            seen.add(reusedSession ? "reused" : "new");
            whenStarting.run();
        }

        @Override
        public void retrying(SshException failure) {
            seen.add("retrying");
        }

        @Override
        public void progress(TransferProgress progress) {
            seen.add("progress");
        }
    }
}
