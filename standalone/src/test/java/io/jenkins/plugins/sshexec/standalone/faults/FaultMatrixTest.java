package io.jenkins.plugins.sshexec.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.faults.FaultStage.Build;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every {@link Fault} in every {@link Operation} on every kind of session, with all of the plugin from the step to the socket:
 * the build's result, one sentence in its log and no stack trace, in bounded time; and nothing is left in the pool, of
 * threads, or of connections. Of files that are copied there is all of one, or what was there before.
 *
 * <p>Most of a cell's time is waiting, so many run at once, on one controller, each with a host of its own.
 */
class FaultMatrixTest {

    private static final int AT_ONCE = 16;
    private static final long LIMIT_SECONDS = 120;

    @TempDir
    static Path directory;

    private static ExecutorService threads;

    @BeforeAll
    static void start() {
        threads = Executors.newFixedThreadPool(AT_ONCE);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> onAControllerThatWaitsForSlowAnswers() throws Exception {
        return cells(Fault.Patience.LONG);
    }

    @TestFactory
    Stream<DynamicTest> onAControllerThatGivesUpSoon() throws Exception {
        return cells(Fault.Patience.SHORT);
    }

    /** Starts all these cells; each test waits for one of them, and a last one for what all leave behind. */
    private static Stream<DynamicTest> cells(Fault.Patience patience) throws Exception {
        Path home = Files.createDirectory(directory.resolve(patience.name()));
        FaultController controller = FaultController.start(Files.createDirectory(home.resolve("jenkins")), patience);
        Map<String, Future<?>> running = new LinkedHashMap<>();
        for (Cell cell : Cell.all()) {
            if (cell.fault().patience() == patience) {
                Path own = Files.createDirectory(home.resolve("cell" + running.size()));
                running.put(cell.toString(), threads.submit(playing(controller, cell, own)));
            }
        }
        return Stream.concat(
                        running.entrySet().stream()
                                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> outcome(each.getValue()))),
                        Stream.of(DynamicTest.dynamicTest("nothing is left", controller::assertThatNothingIsLeft)))
                .onClose(() -> close(controller));
    }

    private static void outcome(Future<?> cell) throws Throwable {
        try {
            cell.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static Callable<Void> playing(FaultController controller, Cell cell, Path directory) {
        return () -> {
            if (cell.operation().copies()) {
                RemoteCall.assumeFilesCanBeServed();
            }
            try (FaultStage stage = FaultStage.set(controller, cell, directory)) {
                play(cell, stage);
            }
            return null;
        };
    }

    private static void play(Cell cell, FaultStage stage) throws Exception {
        CompletableFuture<Build> neighbour = prepare(stage);
        cell.fault().arrange(stage);
        Build build = stage.build();
        check(build, cell.expected(), stage);
        stage.assertThatNothingHalfIsLeft(build);
        stage.proxy().resume();
        checkNeighbour(neighbour, cell.fault(), stage);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThatThePoolIsAtRest(stage));
    }

    /** Returns the build next door; null where there is none. */
    private static CompletableFuture<Build> prepare(FaultStage stage) throws Exception {
        switch (stage.session()) {
            case NEW -> {
                return null;
            }
            case REUSED -> {
                assertThat(stage.buildBefore().result()).isEqualTo("SUCCESS");
                return null;
            }
            default -> {
                CompletableFuture<Build> neighbour = stage.neighbour();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> stage.server().commands().contains("neighbour"));
                return neighbour;
            }
        }
    }

    private static void check(Build build, Fault.Expected expected, FaultStage stage) {
        assertThat(build.result()).as(build.log()).isEqualTo(expected.result());
        String log =
                expected.log().replaceAll("\\bH\\b", Pattern.quote(stage.host()).replace("\\", "\\\\"));
        assertThat(build.log()).containsPattern(Pattern.compile("^" + log + "$", Pattern.MULTILINE));
        assertThat(build.log()).doesNotContain("\tat ", "Exception");
        assertThat(build.log().lines().filter(line -> line.startsWith("ERROR")).count())
                .isLessThanOrEqualTo(1);
    }

    private static void checkNeighbour(CompletableFuture<Build> neighbour, Fault fault, FaultStage stage) {
        if (neighbour == null) {
            return;
        }
        if (fault.neighbour() == Fault.Neighbour.LOST) {
            Build lost = neighbour.join();
            assertThat(lost.result()).isEqualTo("FAILURE");
            assertThat(lost.log()).contains(" was lost while the command ran: ");
        } else {
            assertThat(neighbour).isNotDone();
            stage.endNeighbour();
            assertThat(neighbour.join().result()).as(neighbour.join().log()).isEqualTo("SUCCESS");
        }
    }

    /** No lease of the host, nobody in line, and as many connections as there are idle sessions. */
    private static void assertThatThePoolIsAtRest(FaultStage stage) {
        List<PoolSnapshot.Host> hosts = SshPoolService.get().pool().snapshot().hosts().stream()
                .filter(host -> host.endpoint().equals(stage.proxy().endpoint()))
                .toList();
        assertThat(hosts).allSatisfy(host -> {
            assertThat(host.leases()).isZero();
            assertThat(host.sessionsInUse()).isZero();
            assertThat(host.waiting()).isZero();
        });
        int idle = hosts.stream().mapToInt(PoolSnapshot.Host::sessionsIdle).sum();
        assertThat(stage.proxy().openSockets()).isEqualTo(2 * idle);
        assertThat(stage.server().openConnections()).isEqualTo(idle);
        assertThat(FaultController.threads("ssh-exec reader").stream().filter(name -> name.contains(stage.host())))
                .hasSize(idle);
    }

    private static void close(FaultController controller) {
        try {
            controller.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
