package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lanes with nothing more to do, while one copies a large file: each has a session that others could use. */
@Timeout(120)
class IdleLanesTest {

    private static final int LANES = 4;
    private static final int LARGE = 6 << 20;

    @TempDir
    private Path directory;

    private TransferFixture fixture;
    private TcpProxy proxy;
    private Path workspace;
    private Path remote;
    private final Cancellation cancellation = new Cancellation();

    @BeforeEach
    void start() throws Exception {
        fixture = new TransferFixture(RealExec.settings(LANES, LANES, 1));
        proxy = TcpProxy.to(fixture.server.endpoint());
        workspace = Files.createDirectory(directory.resolve("workspace"));
        remote = Files.createDirectory(directory.resolve("remote"));
        Files.write(workspace.resolve("a-large-one"), new byte[LARGE]);
        for (int i = 0; i < 10 * LANES; i++) {
            Files.writeString(workspace.resolve("small" + i), "small");
        }
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        fixture.close();
    }

    /** An agent that begins when all lanes are there, and stops in the large file until it is released. */
    private final class Halting extends LocalWorkspace {
        private final CountDownLatch released = new CountDownLatch(1);

        Halting() {
            super(workspace);
        }

        @Override
        public Block read(String base, List<Piece> pieces) throws IOException {
            if (pieces.get(0).offset() > LARGE / 2) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            } else if (pieces.get(0).offset() == 0) {
                await().atMost(Duration.ofSeconds(60)).until(() -> sessions() == LANES);
            }
            return super.read(base, pieces);
        }
    }

    private CompletableFuture<TransferResult> put(Workspace from) {
        return fixture.transfer.run(
                fixture.request(proxy.endpoint(), Direction.PUT, "", remote.toString(), FileSelection.ALL, DEFAULTS),
                from,
                new TransferFixture.Events(),
                cancellation);
    }

    private int leases() {
        return fixture.core.pool().snapshot().hosts().stream()
                .mapToInt(PoolSnapshot.Host::leases)
                .sum();
    }

    private int sessions() {
        return fixture.core.pool().snapshot().sessions().size();
    }

    private long idleSessions() {
        return fixture.core.pool().snapshot().sessions().stream()
                .filter(PoolSnapshot.Session::idle)
                .count();
    }

    private void awaitOneLane() {
        await().atMost(Duration.ofSeconds(60)).until(() -> leases() == 1 && idleSessions() == LANES - 1);
    }

    @Test
    void theirLeasesAreGivenBack() throws Exception {
        Halting agent = new Halting();
        CompletableFuture<TransferResult> future = put(agent);
        awaitOneLane();
        agent.released.countDown();
        assertThat(end(future).progress().filesDone()).isEqualTo(10 * LANES + 1);
        assertThat(remote.resolve("a-large-one")).hasSize(LARGE);
    }

    @Test
    void theirSessionsStayOpenWhereAServerIsSilentAndTheTransferIsCancelled() throws Exception {
        Halting agent = new Halting();
        CompletableFuture<TransferResult> future = put(agent);
        awaitOneLane();
        proxy.pause();
        agent.released.countDown();
        cancellation.cancel();
        assertThatThrownBy(() -> end(future)).isInstanceOf(CancellationException.class);
        await().atMost(Duration.ofSeconds(60)).until(() -> leases() == 0);
        assertThat(idleSessions()).isGreaterThanOrEqualTo(LANES - 1);
    }
}
