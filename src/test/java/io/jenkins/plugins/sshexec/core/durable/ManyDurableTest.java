package io.jenkins.plugins.sshexec.core.durable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What many durable commands cost that have nothing to say. {@code -Dssh-exec.durable.commands=200} for a long run, whose
 * numbers the log has.
 */
class ManyDurableTest {

    private static final Logger LOGGER = Logger.getLogger(ManyDurableTest.class.getName());

    private static final int COMMANDS = Integer.getInteger("ssh-exec.durable.commands", 30);

    /** On each session. The server allows more, since it counts a channel until a moment after its end. */
    private static final int CHANNELS = 10;

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Test
    void silentCommandsHoldOneChannelEachAndNoThread() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions " + 2 * CHANNELS);
                RealExec real = RealExec.with(COMMANDS / CHANNELS, CHANNELS)) {
            Path go = server.directory().resolve("go");
            DurableFixture.Recorder recorder = new DurableFixture.Recorder();
            long heapBefore = heapAfterCollection();
            long startNanos = System.nanoTime();
            List<CompletableFuture<ExecResult>> futures = start(server, real, go, recorder);
            awaitAll(recorder, "launched");
            long launchedNanos = System.nanoTime() - startNanos;
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThatAllAreFollowedInPeace(real));
            long heap = heapAfterCollection() - heapBefore;
            assertThat(server.connections()).isLessThanOrEqualTo(COMMANDS / CHANNELS);
            long goNanos = System.nanoTime();
            Files.createFile(go);
            for (CompletableFuture<ExecResult> future : futures) {
                assertThat(future.get(LIMIT.toSeconds(), TimeUnit.SECONDS).exit())
                        .isEqualTo(new Exited(0));
            }
            assertThat(recorder.events()).doesNotContain("lost");
            long endedNanos = System.nanoTime() - goNanos;
            LOGGER.info(() -> COMMANDS + " commands: launched in " + TimeUnit.NANOSECONDS.toMillis(launchedNanos)
                    + " ms, ended in " + TimeUnit.NANOSECONDS.toMillis(endedNanos) + " ms, " + heap / 1024
                    + " KiB of heap for all while they ran, " + readers() + " threads");
        }
    }

    private static List<CompletableFuture<ExecResult>> start(
            OpenSshServer server, RealExec real, Path go, DurableFixture.Recorder recorder) {
        DurableExec exec =
                new DurableExec(real.exec(), real.threads(), NanoClock.SYSTEM, DurableFixture.TIMES, "/bin/sh");
        List<CompletableFuture<ExecResult>> futures = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            DurableRequest request = DurableRequest.toStart(
                    real.spec(server),
                    RealExec.HOLDER,
                    UUID.randomUUID(),
                    Optional.of(server.directory().resolve("durable").toString()),
                    ("until [ -e " + go + " ]; do sleep 5; done").getBytes(UTF_8),
                    RealExec.LIMIT,
                    ExecLimits.NONE);
            futures.add(exec.run(request, new Nothing(), recorder, new Cancellation()));
        }
        return futures;
    }

    private static void awaitAll(DurableFixture.Recorder recorder, String event) {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> recorder.events().stream().filter(event::equals).count() == COMMANDS);
    }

    /** Each has its one channel, on as few sessions as that takes; and but for the sessions' readers no thread is at work. */
    private static void assertThatAllAreFollowedInPeace(RealExec real) {
        PoolSnapshot.Host host = real.pool().snapshot().hosts().get(0);
        assertThat(host.leases()).isEqualTo(COMMANDS);
        assertThat(host.waiting()).isZero();
        assertThat(host.sessionsInUse()).isEqualTo(COMMANDS / CHANNELS);
        assertThat(readers()).isEqualTo(COMMANDS / CHANNELS);
        assertThat(Thread.getAllStackTraces().entrySet())
                .filteredOn(thread -> thread.getKey().getName().equals("ssh-exec test"))
                .allMatch(ManyDurableTest::isIdle);
    }

    private static long readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ssh-exec reader"))
                .count();
    }

    /** A thread of a pool that has nothing to do, and ends when that has been so for a minute. */
    private static boolean isIdle(Map.Entry<Thread, StackTraceElement[]> thread) {
        return Arrays.stream(thread.getValue())
                .noneMatch(frame -> frame.getClassName().startsWith("io.jenkins.plugins.sshexec"));
    }

    private static long heapAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        runtime.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** For commands that write nothing. */
    private static final class Nothing implements OutputSink {
        @Override
        public void stdout(byte[] buffer, int offset, int length) {
            throw new AssertionError("Nothing is written.");
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            throw new AssertionError("Nothing is written.");
        }
    }
}
