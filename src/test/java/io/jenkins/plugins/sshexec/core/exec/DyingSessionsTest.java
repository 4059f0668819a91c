package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RealExec.Step;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of the pool that die in every way that real ones do: no build pays for one that was dead before its turn. */
@Timeout(180)
class DyingSessionsTest {

    private static final Duration OFTEN = Duration.ofMillis(50);

    private final ExecutorService builders = Executors.newCachedThreadPool();

    @AfterEach
    void stopBuilders() {
        builders.shutdownNow();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(RealExec.LIMIT);
    }

    private static RealExec controller(Duration keepAlive) {
        return new RealExec(RealExec.settings(4, 100, 1), keepAlive);
    }

    private static void run(RealExec controller, OpenSshServer server) {
        assertSucceeded(controller.step(server, "true"));
    }

    private static void assertSucceeded(Step step) {
        assertThat(step.result().orTimeout(100, TimeUnit.SECONDS).join().exit())
                .as("%s", step.events())
                .isEqualTo(new Exited(0));
    }

    private static long retired(RealExec controller, RetireReason reason) {
        return controller.pool().snapshot().retired().getOrDefault(reason, 0L);
    }

    /** On an idle connection nothing but keepalives is sent. */
    @Test
    void anIdleSessionSendsKeepalivesAndLives() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy proxy = TcpProxy.to(server.endpoint());
                RealExec controller = controller(OFTEN)) {
            assertSucceeded(controller.step(proxy.endpoint(), server.login(), "true"));
            long before = proxy.packetsToServer();

            // Far more than may stay unanswered.
            await().until(() -> proxy.packetsToServer() >= before + 20);

            controller.pool().evictExpired();
            Step next = controller.step(proxy.endpoint(), server.login(), "true");
            assertSucceeded(next);
            await().until(() -> server.logins() == 1);
        }
    }

    @Test
    void withoutKeepalivesAnIdleSessionSendsNothing() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy proxy = TcpProxy.to(server.endpoint());
                RealExec controller = controller(Duration.ZERO)) {
            assertSucceeded(controller.step(proxy.endpoint(), server.login(), "true"));
            // The server's last words on the channel are answered within this.
            await().until(() -> server.log().stream().anyMatch(line -> line.contains("Close session")));
            await().during(Duration.ofMillis(500)).until(new Unchanged(proxy));
        }
    }

    /** Whether the count of packets is as it was at the last look. */
    private static final class Unchanged implements Callable<Boolean> {
        private final TcpProxy proxy;
        private long last = -1;

        Unchanged(TcpProxy proxy) {
            this.proxy = proxy;
        }

        @Override
        public Boolean call() {
            long now = proxy.packetsToServer();
            boolean unchanged = now == last;
            last = now;
            return unchanged;
        }
    }

    /** Stated: one interval after three keepalives without an answer. */
    @Test
    void aHalfOpenIdleSessionIsFoundByItsKeepalivesAndEvicted() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy proxy = TcpProxy.to(server.endpoint());
                RealExec controller = controller(OFTEN)) {
            assertSucceeded(controller.step(proxy.endpoint(), server.login(), "true"));

            proxy.pause();
            await().until(() -> {
                controller.pool().evictExpired();
                return retired(controller, RetireReason.DEAD) == 1;
            });

            proxy.resume();
            assertSucceeded(controller.step(proxy.endpoint(), server.login(), "true"));
        }
    }

    /** Without keepalives it is found when it is about to be lent. */
    @Test
    void aHalfOpenSessionIsReplacedBeforeItIsLent() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy proxy = TcpProxy.to(server.endpoint());
                RealExec controller = controller(Duration.ZERO)) {
            assertSucceeded(controller.step(proxy.endpoint(), server.login(), "true"));
            proxy.forgetConnections();
            controller.skip(Duration.ofSeconds(6)); // longer than a session is lent without a check

            Step next = controller.step(proxy.endpoint(), server.login(), "true");

            assertSucceeded(next);
            assertThat(next.events()).as("the build sees nothing of it").containsExactly("starting on a new session");
            assertThat(retired(controller, RetireReason.DEAD)).isEqualTo(1);
            await().until(() -> server.logins() == 2);
        }
    }

    @Test
    void sessionsThatTheServerClosesWhileTheyAreIdleFailNoBuild() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("UnusedConnectionTimeout 1");
                RealExec controller = controller(Duration.ZERO)) {
            for (int i = 0; i < 3; i++) {
                run(controller, server);
                long opened = i + 1;
                assertThat(controller.pool().snapshot().opened()).isEqualTo(opened);
                await().until(() -> {
                    controller.pool().evictExpired();
                    return retired(controller, RetireReason.DEAD) == opened;
                });
            }
        }
    }

    @Test
    void aSessionOverItsAgeIsReplaced() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                RealExec controller = controller(Duration.ZERO)) {
            run(controller, server);
            controller.skip(RealExec.LONG_TIME.plusNanos(1));
            run(controller, server);

            assertThat(retired(controller, RetireReason.AGED)).isEqualTo(1);
            await().until(() -> server.logins() == 2);
        }
    }

    /**
     * The server dies with all sessions while four builds run one command after the other, and comes back. What ran at that
     * moment is lost; but nothing is that had not been sent, and nothing is sent twice.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aServerThatIsRestartedUnderLoadFailsWhatRanAndNothingElse(int channelsPerSession) throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                RealExec controller =
                        new RealExec(RealExec.settings(4 / channelsPerSession, 100, channelsPerSession), OFTEN)) {
            Path ran = server.directory().resolve("ran");
            AtomicInteger commands = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            Map<Integer, Throwable> failures = new ConcurrentHashMap<>();
            List<CompletableFuture<Void>> builds = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> {
                                while (!enough.get()) {
                                    int number = commands.incrementAndGet();
                                    Throwable failure =
                                            failureOf(controller.step(server, "echo " + number + " >> " + ran));
                                    if (failure != null) {
                                        failures.put(number, failure);
                                    }
                                }
                            },
                            builders))
                    .toList();
            for (int restart = 1; restart <= 3; restart++) {
                awaitCommands(server);
                server.kill();
                server.launch();
            }
            awaitCommands(server);
            enough.set(true);
            builds.forEach(CompletableFuture::join);

            assertThat(failures.values()).allSatisfy(failure -> assertThat(failure)
                    .isInstanceOfSatisfying(
                            SessionLost.class, lost -> assertThat(lost.stage()).isEqualTo(Stage.RUN)));
            assertThat(failures).as("about what ran at the three moments").hasSizeLessThan(20);
            List<Integer> numbers =
                    Files.readAllLines(ran).stream().map(Integer::valueOf).toList();
            assertThat(numbers).as("none ran twice").doesNotHaveDuplicates();
            assertThat(numbers)
                    .as("all ran but, perhaps, those that were lost")
                    .containsAll(IntStream.rangeClosed(1, commands.get())
                            .filter(number -> !failures.containsKey(number))
                            .boxed()
                            .toList());
        }
    }

    private static void awaitCommands(OpenSshServer server) {
        long before = server.commands();
        await().until(() -> server.commands() > before + 20);
    }

    /** Null where the command succeeded. */
    private static Throwable failureOf(Step step) {
        try {
            assertSucceeded(step);
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
