package io.jenkins.plugins.sshexec.core.durable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What many durable commands cost that have nothing to say. {@code -Dssh-exec.durable.commands=200} for a long run. */
class ManyDurableTest {

    private static final int COMMANDS = Integer.getInteger("ssh-exec.durable.commands", 30);
    private static final int CHANNELS = 10;

    /** Readers of the sessions, the timer, and a few that have not yet gone idle. */
    private static final int THREADS_BESIDES = 20;

    @Test
    void silentCommandsHoldOneChannelEachAndNoThread() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions " + CHANNELS);
                RealExec real = RealExec.with(COMMANDS / CHANNELS, CHANNELS)) {
            int before = Thread.activeCount();
            Path go = server.directory().resolve("go");
            DurableExec exec =
                    new DurableExec(real.exec(), real.threads(), NanoClock.SYSTEM, DurableFixture.TIMES, "/bin/sh");
            DurableFixture.Recorder recorder = new DurableFixture.Recorder();
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
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> recorder.events().stream()
                                    .filter("launched"::equals)
                                    .count()
                            == COMMANDS);
            // A thread of the pool ends when it was idle for a minute.
            Awaitility.await().atMost(Duration.ofMinutes(4)).untilAsserted(() -> assertThat(
                            Thread.activeCount() - before)
                    .isLessThanOrEqualTo(COMMANDS / CHANNELS + THREADS_BESIDES));
            assertThat(server.connections()).isLessThanOrEqualTo(COMMANDS / CHANNELS);
            Files.createFile(go);
            for (CompletableFuture<ExecResult> future : futures) {
                assertThat(future.get(4, TimeUnit.MINUTES).exit()).isEqualTo(new Exited(0));
            }
            assertThat(recorder.events()).doesNotContain("lost");
        }
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
