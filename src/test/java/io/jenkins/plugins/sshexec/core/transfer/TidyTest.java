package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.end;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.leftovers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.io.IOException;
import java.io.InputStream;
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

/** What is left in a workspace of a file that is given up; by a clock that goes as the test says. */
@Timeout(120)
class TidyTest {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private final ManualScheduler timers = new ManualScheduler(clock);
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch released = new CountDownLatch(1);

    private TransferFixture fixture;
    private TcpProxy proxy;
    private Path workspace;
    private Path remote;

    @BeforeEach
    void start() throws Exception {
        fixture = new TransferFixture();
        proxy = TcpProxy.to(fixture.server.endpoint());
        workspace = Files.createDirectory(directory.resolve("workspace"));
        remote = Files.createDirectory(directory.resolve("remote"));
        Files.write(remote.resolve("file"), new byte[5_000_000]);
    }

    @AfterEach
    void stop() throws Exception {
        released.countDown();
        proxy.close();
        fixture.close();
    }

    /** An agent that is slow to hear that nothing more comes. */
    private final class Slow extends LocalWorkspace {
        Slow() {
            super(workspace);
        }

        @Override
        public void receive(String base, List<Arrival> arrivals, Manner manner, InputStream in) throws IOException {
            super.receive(base, arrivals, manner, new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int from, int length) throws IOException {
                    try {
                        return in.read(buffer, from, length);
                    } catch (IOException e) {
                        awaitRelease();
                        throw e;
                    }
                }
            });
        }

        private void awaitRelease() {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private CompletableFuture<TransferResult> getUntilCancelled() throws Exception {
        FileTransfer transfer = new FileTransfer(
                fixture.core.pool(),
                new TransferThreads(fixture.threads.carriers(), new TimedExecutor(fixture.threads.enders(), timers)),
                fixture.names,
                NanoClock.SYSTEM);
        proxy.pauseAfter(TcpProxy.Direction.TO_CLIENT, 3_000_000);
        CompletableFuture<TransferResult> future = transfer.run(
                fixture.request(proxy.endpoint(), Direction.GET, remote.toString(), "", FileSelection.ALL, DEFAULTS),
                new Slow(),
                new TransferFixture.Events(),
                cancellation);
        await().atMost(Duration.ofSeconds(30)).until(() -> leftovers(workspace).size() == 1);
        cancellation.cancel();
        return future;
    }

    @Test
    void transferEndsWhenTheWorkspaceHasRemovedIt() throws Exception {
        CompletableFuture<TransferResult> future = getUntilCancelled();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> timers.pending() > 0
                        && fixture.core.pool().snapshot().hosts().stream().allMatch(host -> host.leases() == 0));
        assertThat(future).isNotDone();
        released.countDown();
        assertThatThrownBy(() -> end(future)).isInstanceOf(CancellationException.class);
        assertThat(leftovers(workspace)).isEmpty();
    }

    @Test
    void transferDoesNotWaitLongForAnAgentThatIsSilent() throws Exception {
        CompletableFuture<TransferResult> future = getUntilCancelled();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            clock.advance(Duration.ofMillis(100));
            timers.runDue();
            return future.isDone();
        });
        assertThatThrownBy(() -> end(future)).isInstanceOf(CancellationException.class);
        assertThat(leftovers(workspace)).hasSize(1);
    }
}
