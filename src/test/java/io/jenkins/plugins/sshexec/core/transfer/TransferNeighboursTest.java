package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transfer.TransferFixture.Events;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RealExec.Step;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A transfer that is given up where the server's file system hangs, beside a command on the same session. */
@Timeout(120)
class TransferNeighboursTest {

    /** More than there is room for on the way. */
    private static final int BYTES = 16_000_000;

    /** The server has been stopped when the workspace is asked for so many blocks. */
    private static final int STOPPED_BY = 3;

    @TempDir
    private Path directory;

    private Path workspace;
    private Path processes;
    private Path hanging;
    private Path gate;
    private TransferFixture fixture;
    private final Cancellation cancellation = new Cancellation();

    @BeforeEach
    void start() throws Exception {
        workspace = Files.createDirectory(directory.resolve("workspace"));
        Files.write(workspace.resolve("file"), new byte[BYTES]);
        processes = Files.createFile(directory.resolve("processes"));
        hanging = directory.resolve("hanging");
        gate = directory.resolve("gate");
        Path server = directory.resolve("sftp-server");
        // Once it hangs, a new one greets and then answers nothing.
        Files.writeString(server, """
                #!/bin/sh
                echo $$ >> %1$s
                if [ -e %2$s ]; then
                    { head -c 9; exec sleep 60; } | %3$s
                else
                    exec %3$s
                fi
                """.formatted(processes, hanging, RemoteCall.installedSftpServer()));
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        // Patient, so that the session is not closed because this machine is busy.
        fixture = new TransferFixture(RealExec.patient(1, 4), "Subsystem sftp " + server);
    }

    @AfterEach
    void stop() throws Exception {
        signal("KILL");
        fixture.close();
    }

    private void signal(String name) throws IOException {
        for (String process : Files.readAllLines(processes)) {
            try {
                new ProcessBuilder("kill", "-" + name, process).start().waitFor();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private Step beginNeighbour() {
        Step neighbour = fixture.core.step(
                fixture.server, "echo begun; until [ -e " + gate + " ]; do sleep 0.05; done; echo ended");
        await().until(() -> neighbour.stdout().equals("begun\n"));
        return neighbour;
    }

    private void assertUnhurt(Step neighbour) throws Exception {
        Files.createFile(gate);
        assertThat(neighbour.result().get(LIMIT.toSeconds(), TimeUnit.SECONDS).exit())
                .isEqualTo(new Exited(0));
        assertThat(neighbour.stdout()).isEqualTo("begun\nended\n");
    }

    private CompletableFuture<TransferResult> put(Workspace with) {
        return fixture.transfer.run(
                fixture.request(
                        fixture.server.endpoint(),
                        Direction.PUT,
                        "",
                        directory.resolve("remote").toString(),
                        FileSelection.ALL,
                        DEFAULTS),
                with,
                new Events(),
                cancellation);
    }

    private void giveUp(CompletableFuture<TransferResult> transfer) {
        cancellation.cancel();
        assertThatThrownBy(() -> transfer.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(CancellationException.class);
    }

    @Test
    void givenUpInTheMiddleOfAFile() throws Exception {
        Step neighbour = beginNeighbour();
        AtomicInteger blocks = new AtomicInteger();
        CompletableFuture<TransferResult> transfer = put(new LocalWorkspace(workspace) {
            @Override
            public Block read(String base, List<Piece> pieces) throws IOException {
                if (blocks.incrementAndGet() == 2) {
                    Files.createFile(hanging);
                    signal("STOP");
                }
                return super.read(base, pieces);
            }
        });
        await().until(() -> blocks.get() >= STOPPED_BY);
        giveUp(transfer);
        assertUnhurt(neighbour);
    }

    @Test
    void givenUpBeforeTheServerHasSaidWhatIsThere() throws Exception {
        Files.createFile(hanging);
        Step neighbour = beginNeighbour();
        CompletableFuture<TransferResult> transfer = put(new LocalWorkspace(workspace));
        await().until(() -> Files.size(processes) > 0);
        giveUp(transfer);
        assertUnhurt(neighbour);
    }
}
