package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that somebody writes to, perhaps for ever, while they are copied. */
@Timeout(120)
class GrowingFilesTest {

    /** More than is read ahead of what is wanted. */
    private static final int ADDED = 5 << 20;

    @TempDir
    private Path directory;

    private TransferFixture fixture;
    private Path workspace;
    private Path remote;

    @BeforeEach
    void start() throws Exception {
        fixture = new TransferFixture();
        workspace = Files.createDirectory(directory.resolve("workspace"));
        remote = Files.createDirectory(directory.resolve("remote"));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private static void grow(Path file) throws IOException {
        Files.write(file, new byte[ADDED], StandardOpenOption.APPEND);
    }

    private TransferProgress run(Direction direction, Workspace agent) throws Exception {
        boolean put = direction == Direction.PUT;
        return end(fixture.transfer.run(
                        fixture.request(
                                fixture.server.endpoint(),
                                direction,
                                put ? "" : remote.toString(),
                                put ? remote.toString() : "",
                                FileSelection.ALL,
                                DEFAULTS),
                        agent,
                        new TransferFixture.Events(),
                        new Cancellation()))
                .progress();
    }

    private static void writeTwo(Path source) throws IOException {
        Files.writeString(source.resolve("log"), "as it was listed");
        Files.writeString(source.resolve("other"), "other");
    }

    private void assertCopiedAsListed(Path target, TransferProgress end) {
        assertThat(target.resolve("log")).hasContent("as it was listed");
        assertThat(target.resolve("other")).hasContent("other");
        assertThat(end.filesDone()).isEqualTo(2);
        assertThat(end.filesGrown()).isEqualTo(1);
        assertThat(end.bytesDone()).isEqualTo(end.bytesTotal());
    }

    @Test
    void fileOfTheServerIsCopiedAsFarAsItWasListed() throws Exception {
        writeTwo(remote);
        TransferProgress end = run(Direction.GET, new LocalWorkspace(workspace) {
            @Override
            public List<Found> find(String base, List<Arrival> arrivals) throws IOException {
                grow(remote.resolve("log"));
                return super.find(base, arrivals);
            }
        });
        assertCopiedAsListed(workspace, end);
    }

    @Test
    void fileOfTheWorkspaceIsCopiedAsFarAsItWasListed() throws Exception {
        writeTwo(workspace);
        TransferProgress end = run(Direction.PUT, new LocalWorkspace(workspace) {
            @Override
            public Block read(String base, List<Piece> pieces) throws IOException {
                grow(workspace.resolve("log"));
                return super.read(base, pieces);
            }
        });
        assertCopiedAsListed(remote, end);
    }

    @Test
    void fileWhoseSizeIsNotToldIsCopiedToItsEnd() throws Exception {
        Path version = Path.of("/proc/version");
        assumeTrue(Files.isReadable(version), "There is no /proc");
        TransferResult result = fixture.get(version.toString(), workspace, "");
        assertThat(workspace.resolve("version")).hasContent(Files.readString(version));
        assertThat(result.progress().filesGrown()).isZero();
    }
}
