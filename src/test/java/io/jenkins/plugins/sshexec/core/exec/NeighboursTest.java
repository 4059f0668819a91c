package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RealExec.Step;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Commands on one session of a real server: whatever becomes of one of them, the other loses neither output nor status, and
 * later ones use the same session. What a stalled log does to the others, {@code OutputTest} shows with the log itself.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NeighboursTest {

    private static final String NUMBERS = "1\n2\n3\n";

    /** Far more than the buffers of the session and of the command hold; 16 gives a GiB. */
    private static final long FLOOD_BYTES = 64L * 1024 * 1024 * Integer.getInteger("ssh-exec.output.scale", 1);

    private OpenSshServer server;
    private RealExec controller;
    private Path gate;
    private Step neighbour;

    /** The neighbour has its session, and half of its output to come. */
    @BeforeEach
    void beginNeighbour() throws IOException {
        server = OpenSshServer.start();
        controller = RealExec.with(1, 4);
        gate = server.directory().resolve("gate");
        neighbour = controller.step(
                server,
                "echo 1; echo 2; until [ -e " + gate + " ]; do sleep 0.05; done; echo 3; echo error >&2; exit 7");
        await().until(() -> neighbour.stdout().equals("1\n2\n"));
    }

    @AfterEach
    void stop() throws IOException {
        controller.close();
        server.close();
    }

    @Test
    void muchOutputHurtsNoNeighbour() throws Exception {
        AtomicLong bytes = new AtomicLong();

        ExecResult flood = run("head -c " + FLOOD_BYTES + " /dev/zero", new Output() {
                    @Override
                    public void stdout(byte[] buffer, int offset, int length) {
                        bytes.addAndGet(length);
                    }
                })
                .get();

        assertThat(flood.exit()).isEqualTo(new Exited(0));
        assertThat(bytes).hasValue(FLOOD_BYTES);
        assertNeighbourUnhurt();
    }

    @Test
    void aStalledLogHurtsNoNeighbour() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        CompletableFuture<ExecResult> slow = run("head -c 1000000 /dev/zero", new Output() {
            @Override
            public void stdout(byte[] buffer, int offset, int length) throws IOException {
                try {
                    stalled.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        });

        endNeighbour();
        assertThat(slow).isNotDone();
        stalled.countDown();

        assertThat(slow.get().exit()).isEqualTo(new Exited(0));
        assertSessionStays();
    }

    @Test
    void aLogThatFailsHurtsNoNeighbour() throws Exception {
        CompletableFuture<ExecResult> failing = run("echo out; sleep 60", new Output() {
            @Override
            public void stdout(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("No space left on device");
            }
        });

        assertThatThrownBy(failing::get).hasMessageContaining("No space left on device");
        assertNeighbourUnhurt();
    }

    @Test
    void anAbortedCommandHurtsNoNeighbour() throws Exception {
        Step aborted = controller.step(server, "echo running; sleep 60");
        await().until(() -> aborted.stdout().equals("running\n"));

        aborted.abort();

        assertThatThrownBy(() -> aborted.result().get(RealExec.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(CancellationException.class);
        assertNeighbourUnhurt();
    }

    @Test
    void aCommandThatCrashesHurtsNoNeighbour() throws Exception {
        Step crashing = controller.step(server, "echo last words; kill -SEGV $$");

        assertThat(crashing.result().get().exit()).isEqualTo(new Signalled("SEGV"));
        assertThat(crashing.stdout()).isEqualTo("last words\n");
        assertNeighbourUnhurt();
    }

    private CompletableFuture<ExecResult> run(String command, OutputSink output) {
        return controller.run(
                server,
                RemoteCommand.of(command),
                ExecLimits.NONE,
                output,
                new RecordingObserver(),
                new Cancellation());
    }

    private void assertNeighbourUnhurt() throws Exception {
        assertThat(neighbour.result()).isNotDone();
        endNeighbour();
        assertSessionStays();
    }

    private void endNeighbour() throws Exception {
        Files.createFile(gate);
        assertThat(neighbour
                        .result()
                        .get(RealExec.LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .exit())
                .isEqualTo(new Exited(7));
        assertThat(neighbour.stdout()).isEqualTo(NUMBERS);
        assertThat(neighbour.stderr()).isEqualTo("error\n");
    }

    private void assertSessionStays() throws Exception {
        assertThat(controller.step(server, "true").result().get().exit()).isEqualTo(new Exited(0));
        assertThat(controller.pool().snapshot().opened())
                .as("one session for all")
                .isEqualTo(1);
    }

    /** Takes all. */
    private static class Output implements OutputSink {
        @Override
        public void stdout(byte[] buffer, int offset, int length) throws IOException {}

        @Override
        public void stderr(byte[] buffer, int offset, int length) {}
    }
}
