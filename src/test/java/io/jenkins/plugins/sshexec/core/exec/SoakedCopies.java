package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transfer.FileSelection;
import io.jenkins.plugins.sshexec.core.transfer.FileTransfer;
import io.jenkins.plugins.sshexec.core.transfer.LocalWorkspace;
import io.jenkins.plugins.sshexec.core.transfer.TemporaryNames;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.core.transfer.TransferResult;
import io.jenkins.plugins.sshexec.core.transfer.TransferThreads;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.Unobserved;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Files that are copied over the pool of {@link SoakTest}, to its host and from there. Thread-safe. */
final class SoakedCopies {

    /** Some 32 requests of SFTP, so that there is time for a cut in between. */
    private static final int FILE_BYTES = 1024 * 1024;

    private static final String FILE = "file";

    private final RealExec exec;
    private final Path directory;
    private final byte[] content = new byte[FILE_BYTES];
    private final FileTransfer transfer;

    /** @param directory for both sides, which are on this machine */
    SoakedCopies(RealExec exec, Path directory) {
        this.exec = exec;
        this.directory = directory;
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 >> 3);
        }
        transfer = new FileTransfer(
                exec.pool(),
                new TransferThreads(exec.threads().enders(), exec.threads().enders()),
                new TemporaryNames(text -> UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "")),
                NanoClock.SYSTEM);
    }

    /** @param name that no other copy has */
    CompletableFuture<TransferResult> copy(SessionSpec spec, Direction direction, String name) {
        try {
            Path source = Files.createDirectory(source(name));
            Path target = Files.createDirectory(target(name));
            Files.write(source.resolve(FILE), content);
            boolean put = direction == Direction.PUT;
            TransferRequest request = new TransferRequest(
                    spec,
                    RealExec.HOLDER,
                    direction,
                    put ? "" : source.toString(),
                    put ? target.toString() : "",
                    FileSelection.ALL,
                    new TransferOptions(false, Overwrite.ALWAYS, true, false),
                    RealExec.LIMIT,
                    Optional.empty());
            return transfer.run(
                    request, new LocalWorkspace(put ? source : target), new Unobserved(), new Cancellation());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The file is there, and all of it, where it is said to be; else all of it or none. Removes what was copied: half an hour has
     * many copies.
     *
     * @param failure null where there was none
     */
    void check(String name, Throwable failure) throws IOException {
        Path file = target(name).resolve(FILE);
        if (failure != null) {
            assertThat(failure).isInstanceOf(SshException.class);
        }
        if (failure == null || Files.exists(file)) {
            assertThat(file).hasBinaryContent(content);
        }
        Files.deleteIfExists(file);
        Files.delete(source(name).resolve(FILE));
    }

    private Path source(String name) {
        return directory.resolve(name + "-source");
    }

    private Path target(String name) {
        return directory.resolve(name + "-target");
    }
}
