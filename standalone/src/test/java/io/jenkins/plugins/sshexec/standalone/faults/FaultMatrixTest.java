package io.jenkins.plugins.sshexec.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.faults.FaultStage.Build;
import io.jenkins.plugins.sshexec.standalone.faults.FaultStage.SessionKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@link Fault} on every kind of session, with all of the plugin from the step to the socket: the build's result, one
 * sentence in its log and no stack trace, in bounded time; and nothing is left in the pool, of threads, or of connections.
 */
@Timeout(60)
class FaultMatrixTest {

    private static final Logger PLUGIN = Logger.getLogger("io.jenkins.plugins.sshexec");
    private static final Executor NEIGHBOURS = task -> {
        Thread thread = new Thread(task, "neighbour");
        thread.setDaemon(true);
        thread.start();
    };

    static Stream<Arguments> cells() {
        return Stream.of(Fault.values())
                .flatMap(fault -> Stream.of(SessionKind.values()).map(kind -> Arguments.of(fault, kind)));
    }

    @ParameterizedTest(name = "{0} on a {1} session")
    @MethodSource("cells")
    void cell(Fault fault, SessionKind kind, @TempDir Path homes) throws Exception {
        Path home = Files.createDirectory(homes.resolve("jenkins"));
        try (Warnings warnings = new Warnings()) {
            try (FaultStage stage = FaultStage.set(home, kind)) {
                CompletableFuture<Build> neighbour = prepare(stage);
                fault.arrange(stage);
                Build build = stage.build();
                check(build, fault.expected(kind), stage);
                stage.proxy().resume();
                checkNeighbour(neighbour, fault, stage);
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThatThePoolIsAtRest(stage));
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(FaultMatrixTest::assertThatNoThreadIsLeft);
            assertThat(warnings.seen).isEmpty();
        }
    }

    /** Returns the build next door; null where there is none. */
    private static CompletableFuture<Build> prepare(FaultStage stage) throws Exception {
        switch (stage.kind()) {
            case NEW -> {
                return null;
            }
            case REUSED -> {
                assertThat(stage.buildBefore().result()).isEqualTo("SUCCESS");
                return null;
            }
            default -> {
                CompletableFuture<Build> neighbour = CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return stage.neighbour();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        NEIGHBOURS);
                await().atMost(Duration.ofSeconds(20))
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

    /** No lease, nobody in line, and as many connections as there are idle sessions. */
    private static void assertThatThePoolIsAtRest(FaultStage stage) {
        PoolSnapshot snapshot = SshPoolService.get().pool().snapshot();
        List<PoolSnapshot.Host> hosts = snapshot.hosts();
        assertThat(hosts).allSatisfy(host -> {
            assertThat(host.leases()).isZero();
            assertThat(host.sessionsInUse()).isZero();
            assertThat(host.waiting()).isZero();
        });
        int idle = hosts.stream().mapToInt(PoolSnapshot.Host::sessionsIdle).sum();
        assertThat(stage.proxy().openSockets()).isEqualTo(2 * idle);
        assertThat(stage.server().openConnections()).isEqualTo(idle);
        assertThat(threads("ssh-exec reader")).hasSize(idle);
        assertThat(snapshot.opened())
                .isEqualTo(idle
                        + snapshot.retired().values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
    }

    private static void assertThatNoThreadIsLeft() {
        assertThat(threads("ssh-exec")).isEmpty();
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(each -> each.startsWith(name))
                .toList();
    }

    /** What the plugin has to say to the administrator of failures that are the build's. */
    private static final class Warnings extends Handler implements AutoCloseable {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        Warnings() {
            PLUGIN.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                seen.add(line.getLoggerName() + ": " + line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            PLUGIN.removeHandler(this);
        }
    }
}
