package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnExec;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;
import io.jenkins.plugins.sshexec.testing.RawServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import io.jenkins.plugins.sshexec.testing.TextSink;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What becomes of a command that its caller wants no more, wherever it is on its way, and that the caller is free again. How soon
 * the standalone build's {@code AbortWithinTwoSecondsTest} measures.
 */
@Timeout(60)
class AbortedExecTest {

    /** Of use on a busy machine, too; what went wrong would take {@link RealExec#LIMIT}, or for ever. */
    private static final long SOON_SECONDS = 15;

    private final RealExec exec = RealExec.with(1, 1);
    private final RecordingObserver observer = new RecordingObserver();
    private final Cancellation cancellation = new Cancellation();
    private final TextSink output = new TextSink();
    private EmbeddedSshServer server;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedSshServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        exec.close();
        server.close();
    }

    @Test
    void whileItWaitsForASession() throws Exception {
        CompletableFuture<ExecResult> first = run("hang", new TextSink(), new RecordingObserver(), new Cancellation());
        await().until(() -> server.commands().size() == 1);
        CompletableFuture<ExecResult> waiting = run("echo never");
        await().until(() -> observer.events().contains("waiting as number 1"));
        cancellation.cancel();
        assertCancelledSoon(waiting);
        assertThat(first).isNotDone();
        assertThat(server.commands()).containsExactly("hang");
    }

    @Test
    void whileItConnects() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        try (RawServer silent = RawServer.start(socket -> {
            connected.countDown();
            RawServer.readToEnd(socket);
        })) {
            CompletableFuture<ExecResult> connecting =
                    run(silent.endpoint(), "echo never", output, observer, cancellation);
            assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
            cancellation.cancel();
            assertCancelledSoon(connecting);
        }
    }

    @Test
    void whileTheChannelIsOpened() throws Exception {
        server.onOpen(OnOpen.HANG);
        CompletableFuture<ExecResult> opening = run("echo never");
        await().until(() -> observer.events().contains("starting on a new session"));
        cancellation.cancel();
        assertCancelledSoon(opening);
        assertThat(server.commands()).isEmpty();
        assertThat(observer.events()).containsExactly("starting on a new session");
    }

    /** The server has got the request, so the command may run. */
    @Test
    void whileTheAnswerToTheExecRequestIsAwaited() throws Exception {
        server.onExec(OnExec.HANG);
        CompletableFuture<ExecResult> unanswered = run("echo never");
        await().until(() -> server.commands().size() == 1);
        cancellation.cancel();
        assertCancelledSoon(unanswered);
        assertThat(observer.events()).containsExactly("starting on a new session", "may still run");
    }

    @Test
    void whileItRuns() throws Exception {
        server.runs(call -> {
            if (isScript(call)) {
                call.exit(0);
            } else {
                call.stdout("runs\n").signalled(call.awaitSignal());
            }
        });
        CompletableFuture<ExecResult> running = run("serve");
        await().until(() -> output.text().equals("runs\n"));
        cancellation.cancel();
        assertCancelledSoon(running);
        assertThat(observer.events()).containsExactly("starting on a new session");
    }

    /** So that what ends the command, the answers to which come over the same session, is not held up by its output. */
    @Test
    void whileItsLogStallsAndTheSessionIsHeld() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch scriptCame = new CountDownLatch(1);
        server.runs(call -> {
            if (isScript(call)) {
                scriptCame.countDown();
                call.exit(0);
                return;
            }
            byte[] much = new byte[64 * 1024];
            for (int written = 0; written < 2 * OutputBuffer.FULL_BYTES; written += much.length) {
                call.stdout(much);
            }
            call.signalled(call.awaitSignal());
        });
        StallingSink log = new StallingSink(stalled);
        CompletableFuture<ExecResult> running = run("flood", log, observer, cancellation);
        assertThat(log.called.await(30, TimeUnit.SECONDS)).isTrue();
        await().until(AbortedExecTest::aReaderIsHeld);
        cancellation.cancel();
        assertThat(scriptCame.await(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
        stalled.countDown();
        assertCancelledSoon(running);
        assertThat(observer.events()).containsExactly("starting on a new session");
    }

    /** Whether it is what ends another command. */
    private static boolean isScript(RemoteCall call) {
        return call.command().startsWith("exec /bin/sh");
    }

    private static boolean aReaderIsHeld() {
        return Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(thread -> thread.getKey().getState() == Thread.State.WAITING
                        && Arrays.stream(thread.getValue())
                                .anyMatch(frame -> frame.getClassName().equals(OutputBuffer.class.getName())
                                        && frame.getMethodName().equals("awaitRoom")));
    }

    private CompletableFuture<ExecResult> run(String command) {
        return run(command, output, observer, cancellation);
    }

    private CompletableFuture<ExecResult> run(
            String command, OutputSink sink, RecordingObserver told, Cancellation stop) {
        return run(server.endpoint(), command, sink, told, stop);
    }

    private CompletableFuture<ExecResult> run(
            Endpoint endpoint, String command, OutputSink sink, RecordingObserver told, Cancellation stop) {
        return exec.run(
                exec.spec(endpoint, EmbeddedSshServer.login()),
                RemoteCommand.of(command),
                ExecLimits.NONE,
                sink,
                told,
                stop);
    }

    private void assertCancelledSoon(CompletableFuture<?> future) {
        assertThat(future)
                .failsWithin(SOON_SECONDS, TimeUnit.SECONDS)
                .withThrowableOfType(Throwable.class)
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isInstanceOf(CancellationException.class),
                        thrown -> assertThat(thrown)
                                .cause()
                                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                                .isInstanceOf(CancellationException.class));
    }

    private static final class StallingSink implements OutputSink {
        private final CountDownLatch called = new CountDownLatch(1);
        private final CountDownLatch stalled;

        StallingSink(CountDownLatch stalled) {
            this.stalled = stalled;
        }

        @Override
        public void stdout(byte[] buffer, int offset, int length) throws IOException {
            called.countDown();
            try {
                stalled.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) throws IOException {
            stdout(buffer, offset, length);
        }
    }
}
