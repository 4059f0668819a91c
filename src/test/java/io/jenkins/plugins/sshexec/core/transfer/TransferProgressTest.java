package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transfer.TransferFixture.Events;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a transfer that takes long, by a clock that goes as the test says. */
@Timeout(120)
class TransferProgressTest {

    private static final int BIG = 3_000_000;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private final ManualScheduler timers = new ManualScheduler(clock);
    private final List<TransferProgress> told = new CopyOnWriteArrayList<>();

    private TransferFixture fixture;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws Exception {
        fixture = new TransferFixture();
        proxy = TcpProxy.to(fixture.server.endpoint());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        fixture.close();
    }

    private CompletableFuture<TransferResult> put(Path from, Path into) {
        Events events = new Events() {
            @Override
            public void progress(TransferProgress progress) {
                told.add(progress);
            }
        };
        return put(fixture.threads.carriers(), events, from, into);
    }

    private CompletableFuture<TransferResult> put(TimedExecutor carriers, Events events, Path from, Path into) {
        TimedExecutor enders = new TimedExecutor(fixture.threads.enders(), timers);
        FileTransfer transfer =
                new FileTransfer(fixture.core.pool(), new TransferThreads(carriers, enders), fixture.names, clock);
        return transfer.run(
                fixture.request(proxy.endpoint(), Direction.PUT, "", into.toString(), FileSelection.ALL, DEFAULTS),
                new LocalWorkspace(from),
                events,
                new Cancellation());
    }

    private void pass(Duration time) {
        clock.advance(time);
        timers.runDue();
    }

    private TransferProgress awaitTold(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == count);
        return told.get(count - 1);
    }

    @Test
    void progressIsToldEveryFiveSecondsUntilTheEnd() throws Exception {
        Path workspace = Files.createDirectory(directory.resolve("workspace"));
        Path remote = Files.createDirectory(directory.resolve("remote"));
        Files.write(workspace.resolve("big"), new byte[BIG]);
        proxy.pauseAfter(TcpProxy.Direction.TO_SERVER, 1_000_000);
        CompletableFuture<TransferResult> future = put(workspace, remote);
        await().atMost(Duration.ofSeconds(30)).until(() -> proxy.bytesToServer() > 1_000_000);

        int pending = timers.pending();
        assertThat(pending).isPositive();
        pass(Duration.ofMillis(4_999));
        assertThat(timers.pending()).as("nothing is due").isEqualTo(pending);
        pass(Duration.ofMillis(1));
        TransferProgress first = awaitTold(1);
        assertThat(first.elapsed()).isEqualTo(Duration.ofSeconds(5));
        assertThat(first.filesDone()).isZero();
        assertThat(first.filesTotal()).isEqualTo(1);
        assertThat(first.bytesTotal()).isEqualTo(BIG);
        assertThat(first.bytesDone()).isBetween(900_000L, (long) BIG).isEqualTo(first.bytesCarried());

        await().atMost(Duration.ofSeconds(30)).until(() -> timers.pending() > 0);
        pass(Duration.ofSeconds(5));
        assertThat(awaitTold(2).elapsed()).isEqualTo(Duration.ofSeconds(10));

        proxy.resume();
        TransferResult result = end(future);
        assertThat(result.progress().elapsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(result.progress().bytesDone()).isEqualTo(BIG);
        pass(Duration.ofMinutes(1));
        assertThat(timers.pending()).isZero();
        assertThat(told).hasSize(2);
    }

    @Test
    void logThatIsSlowToTakeALineHoldsUpNoThreadThatCopies() throws Exception {
        Path workspace = Files.createDirectory(directory.resolve("workspace"));
        Path remote = Files.createDirectory(directory.resolve("remote"));
        Files.write(workspace.resolve("big"), new byte[BIG]);
        AtomicInteger copying = new AtomicInteger();
        TimedExecutor carriers = new TimedExecutor(
                task -> {
                    copying.incrementAndGet();
                    fixture.threads.carriers().execute(() -> {
                        task.run();
                        copying.decrementAndGet();
                    });
                },
                timers);
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        Events slow = new Events() {
            @Override
            public void progress(TransferProgress progress) {
                telling.countDown();
                awaitQuietly(taken);
            }
        };
        proxy.pauseAfter(TcpProxy.Direction.TO_SERVER, 1_000_000);
        CompletableFuture<TransferResult> future = put(carriers, slow, workspace, remote);
        await().atMost(Duration.ofSeconds(30)).until(() -> proxy.bytesToServer() > 1_000_000);
        pass(Duration.ofSeconds(5));
        telling.await();

        proxy.resume();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(remote.resolve("big")) && copying.get() == 0);
        assertThat(future)
                .as("its last line would come before that of its progress")
                .isNotDone();
        taken.countDown();
        assertThat(end(future).progress().bytesDone()).isEqualTo(BIG);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
