package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.end;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.leftovers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.pool.PoolSettings;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transfer.TransferFixture.Events;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that break, and transfers that are given up, in both directions. */
@Timeout(120)
class BrokenTransferTest {

    private static final int BIG = (int) PutItem.RESUMABLE_BYTES + 3_000_001;

    /** More than there is room for on the way. */
    private static final int MEDIUM = 5_000_000;

    private static final byte[] CONTENT = new byte[BIG];

    static {
        new Random(3).nextBytes(CONTENT);
    }

    @TempDir
    private Path directory;

    private TransferFixture fixture;
    private TcpProxy proxy;
    private Path workspace;
    private Path remote;

    private final Events events = new Events();
    private Cancellation cancellation = new Cancellation();

    @BeforeEach
    void start() throws Exception {
        PoolSettings usual = RealExec.settings(2, 20, 5);
        fixture = new TransferFixture(new PoolSettings(
                usual.sessionsPerHost(),
                usual.sessionsInTotal(),
                usual.channelsPerSession(),
                usual.maxIdle(),
                usual.maxAge(),
                Duration.ofSeconds(5), // for which a host is tried again that had been there before
                usual.waitTimeout()));
        proxy = TcpProxy.to(fixture.server.endpoint());
        workspace = Files.createDirectory(directory.resolve("workspace"));
        remote = Files.createDirectory(directory.resolve("remote"));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        fixture.close();
    }

    private static byte[] medium() {
        return Arrays.copyOf(CONTENT, MEDIUM);
    }

    private Path source(Direction direction) {
        return direction == Direction.PUT ? workspace : remote;
    }

    private static TcpProxy.Direction way(Direction direction) {
        return direction == Direction.PUT ? TcpProxy.Direction.TO_SERVER : TcpProxy.Direction.TO_CLIENT;
    }

    private Path target(Direction direction) {
        return direction == Direction.PUT ? remote : workspace;
    }

    private CompletableFuture<TransferResult> run(Direction direction, Workspace with, Optional<Duration> limit) {
        TransferRequest request = fixture.request(
                proxy.endpoint(),
                direction,
                direction == Direction.PUT ? "" : remote.toString(),
                direction == Direction.PUT ? remote.toString() : "",
                FileSelection.ALL,
                DEFAULTS);
        return fixture.transfer.run(
                new TransferRequest(
                        request.spec(),
                        request.holder(),
                        request.direction(),
                        request.from(),
                        request.into(),
                        request.selection(),
                        request.options(),
                        request.startTimeout(),
                        limit),
                with,
                events,
                cancellation);
    }

    private CompletableFuture<TransferResult> run(Direction direction) {
        return run(direction, new LocalWorkspace(workspace), Optional.empty());
    }

    /** Bytes under the temporary name. */
    private long partial(Direction direction) throws IOException {
        try (var files = Files.list(target(direction))) {
            return files.filter(file ->
                            TemporaryNames.isTemporary(file.getFileName().toString()))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private void awaitPartial(Direction direction) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> proxy.bytes(way(direction)) > 6_000_000 && partial(direction) > 1_000_000);
    }

    private void assertThatNoLeaseIsOut() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> fixture.core.pool().snapshot().hosts().stream()
                                .mapToInt(PoolSnapshot.Host::leases)
                                .sum()
                        == 0);
    }

    @ParameterizedTest
    @EnumSource
    void cutInTheMiddleOfABigFileIsGoneOnFrom(Direction direction) throws Exception {
        Files.write(source(direction).resolve("big"), CONTENT);
        Files.writeString(source(direction).resolve("small"), "small");
        proxy.cutAfter(way(direction), 6_000_000);
        TransferResult result = end(run(direction));
        assertThat(target(direction).resolve("big")).hasBinaryContent(CONTENT);
        assertThat(target(direction).resolve("small")).hasContent("small");
        assertThat(events.seen)
                .filteredOn(event -> !event.equals("progress")) // there is some where the machine is slow
                .containsExactly("new", "retrying", "new");
        assertThat(result.progress().bytesCarried())
                .as("what had arrived did not come once more")
                .isLessThan(2L * BIG - 1_000_000);
        assertThat(result.progress().bytesDone()).isEqualTo(BIG + 5L);
        assertThat(leftovers(target(direction))).isEmpty();
        assertThatNoLeaseIsOut();
    }

    @ParameterizedTest
    @EnumSource
    void laterTransferOfTheSameFileGoesOnWithWhatIsLeft(Direction direction) throws Exception {
        Files.write(source(direction).resolve("big"), CONTENT);
        proxy.pauseAfter(way(direction), 6_000_000);
        CompletableFuture<TransferResult> future = run(direction);
        awaitPartial(direction);
        cancellation.cancel();
        assertThatThrownBy(() -> end(future)).isInstanceOf(CancellationException.class);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> leftovers(target(direction)).size() == 1);
        proxy.resume();
        cancellation = new Cancellation();
        TransferResult result = end(run(direction));
        assertThat(target(direction).resolve("big")).hasBinaryContent(CONTENT);
        assertThat(result.progress().bytesCarried()).isLessThan(BIG);
        assertThat(leftovers(target(direction))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLeftOfSomethingElseIsNotGoneOnWith(Direction direction) throws Exception {
        Files.write(source(direction).resolve("big"), CONTENT);
        FileEntry entry = LocalDirectory.entry("big", source(direction).resolve("big"));
        String place = direction == Direction.PUT ? remote.toRealPath().toString() : "";
        String target = direction == Direction.PUT ? "big" : "shop\0big";
        String name;
        try (TemporaryNames.Name taken = fixture.names.take(proxy.endpoint(), place, target, entry)) {
            name = taken.text();
        }
        Files.write(target(direction).resolve(name), new byte[5_000_000]);
        assertThat(end(run(direction)).progress().bytesCarried()).isEqualTo(BIG);
        assertThat(target(direction).resolve("big")).hasBinaryContent(CONTENT);
        assertThat(leftovers(target(direction))).isEmpty();
    }

    @Test
    void fileOfTheSameTransferTwiceAtOnceIsWrittenUnderTwoNames() throws Exception {
        Files.write(workspace.resolve("file"), medium());
        CyclicBarrier both = new CyclicBarrier(2);
        events.whenStarting = () -> awaitOther(both);
        CompletableFuture<TransferResult> one = run(Direction.PUT);
        CompletableFuture<TransferResult> other = run(Direction.PUT);
        end(one);
        end(other);
        assertThat(remote.resolve("file")).hasBinaryContent(medium());
        assertThat(leftovers(remote)).isEmpty();
    }

    private static void awaitOther(CyclicBarrier both) {
        try {
            both.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void networkThatCutsEachConnectionAtTheSamePlaceFailsTheTransfer(Direction direction) throws Exception {
        Files.write(source(direction).resolve("file"), medium());
        events.whenStarting = () -> proxy.cutAfter(way(direction), 3_000_000);
        CompletableFuture<TransferResult> future = run(direction);
        assertThatThrownBy(() -> end(future)).isInstanceOf(SessionLost.class);
        assertThat(events.seen).filteredOn("retrying"::equals).hasSizeBetween(1, 4);
        assertThatNoLeaseIsOut();
    }

    @ParameterizedTest
    @EnumSource
    void cancelledTransferEndsAlsoWhereTheServerIsSilent(Direction direction) throws Exception {
        Files.write(source(direction).resolve("big"), CONTENT);
        proxy.pauseAfter(way(direction), 6_000_000);
        CompletableFuture<TransferResult> future = run(direction);
        awaitPartial(direction);
        cancellation.cancel();
        assertThatThrownBy(() -> future.get(15, TimeUnit.SECONDS)).hasCauseInstanceOf(CancellationException.class);
        assertThatNoLeaseIsOut();
    }

    @Test
    void cancelledTransferEndsAlsoWhereTheAgentIsSilent() throws Exception {
        Files.write(workspace.resolve("a"), CONTENT);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Workspace silent = new LocalWorkspace(workspace) {
            @Override
            public Block read(String base, List<Piece> pieces) throws IOException {
                begun.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.read(base, pieces);
            }
        };
        CompletableFuture<TransferResult> future = run(Direction.PUT, silent, Optional.empty());
        begun.await();
        cancellation.cancel();
        assertThatThrownBy(() -> future.get(15, TimeUnit.SECONDS)).hasCauseInstanceOf(CancellationException.class);
        assertThatNoLeaseIsOut();
        released.countDown();
    }

    /** The session is not to blame, so that it stays open for others. */
    @Test
    void cancelledTransferEndsWhereTheAgentDoesNotSayWhatIsThere() throws Exception {
        Files.writeString(remote.resolve("a"), "content");
        CountDownLatch begun = new CountDownLatch(1);
        Workspace silent = new LocalWorkspace(workspace) {
            @Override
            public List<Found> find(String base, List<Arrival> arrivals) throws IOException {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
                return super.find(base, arrivals);
            }
        };
        CompletableFuture<TransferResult> future = run(Direction.GET, silent, Optional.empty());
        begun.await();
        cancellation.cancel();
        assertThatThrownBy(() -> future.get(15, TimeUnit.SECONDS)).hasCauseInstanceOf(CancellationException.class);
        assertThatNoLeaseIsOut();
        assertThat(fixture.core.pool().snapshot().sessions())
                .extracting(PoolSnapshot.Session::idle)
                .containsExactly(true);
    }

    /** Remoting throws an agent's errors as they are, such as that of a Java that is too old for a class. */
    @ParameterizedTest
    @EnumSource(Direction.class)
    void errorOfTheAgentFailsTheTransfer(Direction direction) throws Exception {
        Files.writeString(source(direction).resolve("file"), "content");
        Workspace erring = new LocalWorkspace(workspace) {
            @Override
            public Block read(String base, List<Piece> pieces) {
                throw new UnsupportedClassVersionError("too new");
            }

            @Override
            public void receive(String base, List<Arrival> arrivals, Manner manner, InputStream in) {
                throw new UnsupportedClassVersionError("too new");
            }
        };

        CompletableFuture<TransferResult> running = run(direction, erring, Optional.empty());

        assertThatThrownBy(() -> end(running))
                .isInstanceOf(TransferFailed.class)
                .hasMessageContaining("too new");
        assertThatNoLeaseIsOut();
    }

    /** The cancellation may come before there is a pipe to break. */
    @Test
    void nothingGoesOnReadingWhenTheTransferHasEnded() throws Exception {
        Files.write(workspace.resolve("file"), CONTENT);
        CountDownLatch ended = new CountDownLatch(1);
        TimedExecutor watched = new TimedExecutor(
                task -> fixture.threads.carriers().execute(() -> {
                    task.run();
                    ended.countDown();
                }),
                new ScheduledThreadPoolExecutor(0));
        TransferRequest request =
                fixture.request(proxy.endpoint(), Direction.PUT, "", remote.toString(), FileSelection.ALL, DEFAULTS);
        Put put = new Put(
                request,
                new LocalWorkspace(workspace),
                fixture.names,
                new TransferThreads(watched, fixture.threads.enders()),
                new Progress(NanoClock.SYSTEM));
        put.list();
        try (Lane lane = open(request)) {
            put.prepare(lane.files());
        }
        put.close();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private Lane open(TransferRequest request) throws Exception {
        SessionLease lease = fixture.core
                .pool()
                .lease(request.spec(), request.holder(), placeInLine -> {}, cancellation)
                .get(30, TimeUnit.SECONDS);
        return Lane.open(lease, request, cancellation, fixture.threads.enders());
    }

    @Test
    void leaseIsGivenBackWhereThereIsNoThreadToCopyOn() throws Exception {
        Files.writeString(workspace.resolve("file"), "content");
        TransferRequest request =
                fixture.request(proxy.endpoint(), Direction.PUT, "", remote.toString(), FileSelection.ALL, DEFAULTS);
        AtomicInteger asked = new AtomicInteger();
        TimedExecutor scarce = new TimedExecutor(
                task -> {
                    if (asked.incrementAndGet() > 1) { // after that which lists the files
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    fixture.threads.carriers().execute(task);
                },
                new ScheduledThreadPoolExecutor(0));
        FileTransfer transfer = new FileTransfer(
                fixture.core.pool(),
                new TransferThreads(scarce, fixture.threads.enders()),
                fixture.names,
                NanoClock.SYSTEM);

        assertThatThrownBy(() -> transfer.run(request, new LocalWorkspace(workspace), events, cancellation)
                        .get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThatNoLeaseIsOut();
    }

    /** A file that a lane has taken and not copied must not be taken for copied. */
    @Test
    void errorInAFurtherLaneIsAFailureOfAll() throws Exception {
        TransferRequest request =
                fixture.request(proxy.endpoint(), Direction.PUT, "", remote.toString(), FileSelection.ALL, DEFAULTS);
        ErringCarriage carriage = new ErringCarriage();
        try (Lane first = open(request)) {
            Lanes lanes = new Lanes(fixture.core.pool(), request, carriage, fixture.threads, cancellation);
            assertThat(lanes.run(first)).hasRootCauseInstanceOf(OutOfMemoryError.class);
        }
        assertThatNoLeaseIsOut();
    }

    /** Of files enough for two lanes, of which the second fails with its first. */
    private static final class ErringCarriage implements Carriage {
        private final AtomicInteger asked = new AtomicInteger();
        private final CountDownLatch erred = new CountDownLatch(1);

        @Override
        public boolean next(Lane lane) throws IOException {
            if (asked.incrementAndGet() > 1) {
                erred.countDown();
                throw new OutOfMemoryError("none left");
            }
            try {
                erred.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return false;
        }

        @Override
        public int remaining() {
            return 8;
        }

        @Override
        public void list() {
            // Nothing is.
        }

        @Override
        public void prepare(RemoteFiles files) {
            // Nothing is.
        }

        @Override
        public void finish(boolean orderly) {
            // Nothing is left to do.
        }

        @Override
        public void breakOff(Throwable why) {
            // Nobody waits.
        }

        @Override
        public CompletableFuture<Void> close() {
            return CompletableFuture.completedFuture(null); // nothing is held
        }

        @Override
        public String place() {
            return "";
        }
    }

    @Test
    void timeThatIsOverEndsTheTransfer() throws Exception {
        Files.write(workspace.resolve("big"), CONTENT);
        proxy.pauseAfter(TcpProxy.Direction.TO_SERVER, 6_000_000);
        CompletableFuture<TransferResult> future =
                run(Direction.PUT, new LocalWorkspace(workspace), Optional.of(Duration.ofSeconds(1)));
        assertThatThrownBy(() -> end(future)).isInstanceOfSatisfying(CommandTimeout.class, timeout -> {
            assertThat(timeout.stage()).isEqualTo(Stage.TRANSFER);
            assertThat(timeout.limit()).isEqualTo(Duration.ofSeconds(1));
        });
    }

    @Test
    void hostThatDoesNotComeBackFailsTheTransferWhichMayBeRepeated() throws Exception {
        Files.write(workspace.resolve("big"), CONTENT);
        proxy.pauseAfter(TcpProxy.Direction.TO_SERVER, 6_000_000);
        CompletableFuture<TransferResult> future = run(Direction.PUT);
        awaitPartial(Direction.PUT);
        proxy.refuse();
        proxy.cut();
        assertThatThrownBy(() -> end(future)).isInstanceOf(ConnectFailed.class).satisfies(failure -> assertThat(
                        ((SshException) failure).isSafeToRepeat())
                .isTrue());
        assertThatNoLeaseIsOut();
    }

    @Test
    void sessionThatHadDiedBeforeIsReplaced() throws Exception {
        Files.writeString(workspace.resolve("a"), "one");
        end(run(Direction.PUT));
        proxy.cut();
        Files.writeString(workspace.resolve("a"), "two");
        end(run(Direction.PUT));
        assertThat(remote.resolve("a")).hasContent("two");
    }
}
