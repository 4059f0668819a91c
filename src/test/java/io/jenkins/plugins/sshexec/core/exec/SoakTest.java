package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.pool.PoolSettings;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import io.jenkins.plugins.sshexec.testing.TextSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Commands of many kinds, and copies of files, on a real server, while connections are cut, the server is restarted, sessions are evicted and the
 * settings changed, all at random. Whatever comes of a command, it is what the command did: one that is said to have exited
 * did all it had to, none ran twice, and one that may be tried again did nothing. In the end nothing is left.
 *
 * <p>{@code -Dssh-exec.soak.seconds=N} sets how long it takes, {@code -Dssh-exec.soak.seed=N} the chances.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class SoakTest {

    private static final Logger LOGGER = Logger.getLogger(SoakTest.class.getName());
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("ssh-exec.soak.seconds", 120));
    private static final int CALLERS = 6;
    private static final int MOST_MILLIS_BETWEEN_FAULTS = 2_000;
    private static final int MOST_MILLIS_BETWEEN_COMMANDS = 200;

    /** What a busy heap differs by from one measurement to the next. */
    private static final long HEAP_TOLERANCE_BYTES = 24L * 1024 * 1024;

    /** How a command is to end, if nothing comes between. */
    private enum Kind {
        QUICK("exit 0"),
        STATUS("exit 3"),
        OUTPUT("seq 1 20000; exit 0"),
        SLOW("sleep 0.3; exit 0"),
        CANCELLED("sleep 30; exit 0"),
        TIMED_OUT("sleep 30; exit 0"),
        PUT(Direction.PUT),
        GET(Direction.GET);

        /** Null for a copy. */
        private final String command;

        /** Null for a command. */
        private final Direction direction;

        Kind(String command) {
            this.command = command;
            this.direction = null;
        }

        Kind(Direction direction) {
            this.command = null;
            this.direction = direction;
        }
    }

    /**
     * Where it happens.
     *
     * @param runs has a file for each command that ran, with a line for each time that it did
     */
    private record Place(OpenSshServer server, TcpProxy proxy, RealExec exec, SoakedCopies copies, Path runs)
            implements AutoCloseable {

        static Place open() throws IOException {
            OpenSshServer server = OpenSshServer.start("Subsystem sftp internal-sftp");
            Path runs = Files.createDirectory(server.directory().resolve("runs"));
            RealExec exec = new RealExec(settings(3, 2));
            SoakedCopies copies = new SoakedCopies(
                    exec, Files.createDirectory(server.directory().resolve("copies")));
            return new Place(server, TcpProxy.to(server.endpoint()), exec, copies, runs);
        }

        SessionSpec spec() {
            return exec.spec(proxy.endpoint(), server.login());
        }

        CompletableFuture<ExecResult> run(
                String command, ExecLimits limits, TextSink output, Cancellation cancellation) {
            return exec.run(spec(), RemoteCommand.of(command), limits, output, new RecordingObserver(), cancellation);
        }

        @Override
        public void close() throws IOException {
            exec.close();
            proxy.close();
            server.close();
        }
    }

    private final Random random = new Random(Long.getLong("ssh-exec.soak.seed", 1));
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final AtomicInteger commands = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void everyOutcomeIsTrueAndNothingIsLeft() throws Exception {
        int threadsBefore = threads();
        Place place = Place.open();
        try (place) {
            call(place, Kind.OUTPUT, "warm-up").join();
            call(place, Kind.PUT, "warm-up").join();
            long heapBefore = heapAfterCollection();
            soak(place);
            LOGGER.info(() -> commands + " commands: " + new TreeMap<>(outcomes));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatThePoolIsEmpty(place));
            long heapAfter = heapAfterCollection();
            LOGGER.info(() -> "Heap in use, in KiB: " + heapBefore / 1024 + " before, " + heapAfter / 1024 + " after");
            assertThat(heapAfter).isLessThan(heapBefore + HEAP_TOLERANCE_BYTES);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatNoCommandRanTwice(place.runs()));
        }
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(threadsBefore));
        LOGGER.info(() -> "Threads: " + threadsBefore + " before, " + threads() + " after");
        assertThat(outcomes)
                .containsKeys(
                        "QUICK exited",
                        "STATUS exited",
                        "OUTPUT exited",
                        "CANCELLED cancelled",
                        "PUT copied",
                        "GET copied");
    }

    private void soak(Place place) throws Exception {
        long end = System.nanoTime() + LENGTH.toNanos();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(callAgainAndAgain(place, new Random(random.nextLong()), end));
        }
        while (System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_MILLIS_BETWEEN_FAULTS));
            disturb(place);
        }
        CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
    }

    private void disturb(Place place) throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> {
                place.server().kill();
                place.server().launch();
            }
            case 1 -> place.proxy().cut();
            case 2, 3 -> place.exec().pool().evictExpired();
            case 4 -> place.exec().pool().apply(settings(1 + random.nextInt(4), 1 + random.nextInt(3)));
            default -> place.proxy().cutAfter(TcpProxy.Direction.values()[random.nextInt(2)], random.nextInt(20_000));
        }
    }

    private CompletableFuture<Void> callAgainAndAgain(Place place, Random chances, long end) {
        if (System.nanoTime() > end) {
            return CompletableFuture.completedFuture(null);
        }
        Kind kind = Kind.values()[chances.nextInt(Kind.values().length)];
        CompletableFuture<Void> pause = new CompletableFuture<>();
        timer.schedule(
                () -> pause.complete(null), chances.nextInt(MOST_MILLIS_BETWEEN_COMMANDS), TimeUnit.MILLISECONDS);
        return pause.thenCompose(none -> call(place, kind, "c" + commands.incrementAndGet()))
                .thenCompose(none -> callAgainAndAgain(place, chances, end));
    }

    /** Runs one command, or copies one file, and checks what is said to have come of it. */
    private CompletableFuture<Void> call(Place place, Kind kind, String name) {
        if (kind.direction != null) {
            return copy(place, kind, name);
        }
        TextSink output = new TextSink();
        Cancellation cancellation = new Cancellation();
        ExecLimits limits = new ExecLimits(
                Optional.empty(), kind == Kind.TIMED_OUT ? Optional.of(Duration.ofSeconds(2)) : Optional.empty());
        Path trace = place.runs().resolve(name);
        if (kind == Kind.CANCELLED) {
            timer.schedule(cancellation::cancel, 500, TimeUnit.MILLISECONDS);
        }
        return place.run("echo run >> " + trace + "; " + kind.command, limits, output, cancellation)
                .handle((result, failure) -> {
                    check(kind, result, failure, output, trace);
                    return null;
                });
    }

    private CompletableFuture<Void> copy(Place place, Kind kind, String name) {
        return place.copies().copy(place.spec(), kind.direction, name).handle((result, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            count(kind, cause == null ? "copied" : cause.getClass().getSimpleName());
            try {
                place.copies().check(name, cause);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return null;
        });
    }

    private void check(Kind kind, ExecResult result, Throwable failure, TextSink output, Path trace) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (failure == null) {
            if (result.exit() instanceof Signalled) {
                count(kind, "killed with the server");
                return;
            }
            count(kind, "exited");
            assertThat(result.exit()).isEqualTo(new Exited(kind == Kind.STATUS ? 3 : 0));
            assertThat(kind).isNotIn(Kind.CANCELLED, Kind.TIMED_OUT);
            assertThat(trace).hasContent("run");
            assertThat(output.text().lines().count()).isEqualTo(kind == Kind.OUTPUT ? 20_000 : 0);
        } else if (cause instanceof CancellationException) {
            count(kind, "cancelled");
            assertThat(kind).isEqualTo(Kind.CANCELLED);
        } else {
            count(kind, cause.getClass().getSimpleName());
            assertThat(cause).isInstanceOf(SshException.class);
            if (!((SshException) cause).stage().commandMayHaveRun()) {
                assertThat(trace).doesNotExist();
            }
        }
    }

    private void count(Kind kind, String outcome) {
        outcomes.computeIfAbsent(kind + " " + outcome, first -> new AtomicInteger())
                .incrementAndGet();
    }

    private static void assertThatNoCommandRanTwice(Path runs) throws IOException {
        try (Stream<Path> traces = Files.list(runs)) {
            assertThat(traces).isNotEmpty().allSatisfy(trace -> assertThat(trace)
                    .hasContent("run"));
        }
    }

    /** Idle sessions too are over soon, those that died where they lay included. */
    private static void assertThatThePoolIsEmpty(Place place) {
        place.exec().pool().evictExpired();
        assertThat(place.exec().pool().snapshot().hosts()).isEmpty();
        assertThat(place.proxy().openSockets()).isZero();
    }

    private static PoolSettings settings(int sessionsPerHost, int channelsPerSession) {
        return new PoolSettings(
                sessionsPerHost,
                10,
                channelsPerSession,
                Duration.ofMillis(700),
                Duration.ofSeconds(5),
                RealExec.LIMIT,
                Duration.ofMinutes(1));
    }

    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("ssh-exec"))
                .count();
    }

    private static long heapAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
