package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import io.jenkins.plugins.sshexec.testing.TcpProxy.Direction;
import io.jenkins.plugins.sshexec.testing.TextSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A connection is cut after its n-th byte, for n all over the life of a session, in both directions. The command runs at most
 * once, whoever fails says that it may have, and all that happens before the exec request is got over.
 */
@Timeout(300)
class AtMostOnceTest {

    /** Each packet has more bytes than this, so every packet is cut, and most in several places. */
    private static final int STEP_BYTES = 7;

    /** Most of the handshake is a few large packets. */
    private static final int STEP_BYTES_IN_A_HANDSHAKE = 61;

    private static final int AT_A_TIME = 8;

    /** How a command fared. */
    private record Outcome(long cutAt, boolean cut, int requests, Throwable failure, List<String> events) {

        boolean mayHaveRun() {
            return failure instanceof SessionLost lost && lost.stage().commandMayHaveRun();
        }
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    private EmbeddedSshServer server;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedSshServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"TO_SERVER, false", "TO_CLIENT, false", "TO_SERVER, true", "TO_CLIENT, true"})
    void commandIsSentAtMostOnce(Direction direction, boolean reused) throws Exception {
        List<Future<Outcome>> running = new ArrayList<>();
        long login = reused ? 0 : bytesOfALogin(direction);
        long all = bytesOfACommand(direction, reused);
        for (long n = 0; n <= all; n += n < login ? STEP_BYTES_IN_A_HANDSHAKE : STEP_BYTES) {
            long cutAt = n;
            running.add(threads.submit(() -> runCut(direction, cutAt, reused)));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> each : running) {
            outcomes.add(each.get(4, TimeUnit.MINUTES));
        }
        assertThat(outcomes).allSatisfy(AtMostOnceTest::isSound);
        assertThat(outcomes).filteredOn(Outcome::cut).hasSizeGreaterThan(outcomes.size() / 2);
        // The sweep reaches from before the exec request to after it.
        assertThat(outcomes).anyMatch(outcome -> outcome.cut() && outcome.failure() == null);
        assertThat(outcomes).anyMatch(Outcome::mayHaveRun);
        assertThat(outcomes.get(0).failure()).isNull();
    }

    private static void isSound(Outcome outcome) {
        if (outcome.failure() == null) {
            assertThat(outcome.requests()).isOne();
        } else {
            assertThat(outcome.mayHaveRun()).as("%s", outcome).isTrue();
            assertThat(outcome.requests()).isLessThanOrEqualTo(1);
            assertThat(outcome.cut()).isTrue();
        }
        assertThat(outcome.events()).last().asString().startsWith("starting");
        assertThat(outcome.events())
                .filteredOn(event -> event.contains(" after "))
                .hasSizeLessThanOrEqualTo(1);
    }

    private Outcome runCut(Direction direction, long cutAt, boolean reused) throws Exception {
        String command = "echo " + direction + " " + cutAt + " " + reused;
        RecordingObserver observer = new RecordingObserver();
        try (TcpProxy proxy = TcpProxy.to(server.endpoint());
                RealExec exec = RealExec.with(1, 1)) {
            if (reused) {
                run(exec, proxy, "exit 0", new RecordingObserver());
            }
            proxy.cutAfter(direction, cutAt);
            Throwable failure = null;
            try {
                run(exec, proxy, command, observer);
            } catch (CompletionException e) {
                failure = e.getCause();
            }
            return new Outcome(
                    cutAt,
                    proxy.hasCut(),
                    Collections.frequency(server.commands(), command),
                    failure,
                    observer.events());
        }
    }

    private long bytesOfALogin(Direction direction) throws Exception {
        return bytesOfACommand(direction, false) - bytesOfACommand(direction, true);
    }

    /** The login included, unless the session is reused. */
    private long bytesOfACommand(Direction direction, boolean reused) throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server.endpoint());
                RealExec exec = RealExec.with(1, 1)) {
            if (reused) {
                run(exec, proxy, "exit 0", new RecordingObserver());
            }
            long before = proxy.bytes(direction);
            run(exec, proxy, "echo measured", new RecordingObserver());
            return proxy.bytes(direction) - before;
        }
    }

    private static void run(RealExec exec, TcpProxy proxy, String command, RecordingObserver observer) {
        ExecResult result = exec.run(
                        exec.spec(proxy.endpoint(), EmbeddedSshServer.login()),
                        RemoteCommand.of(command),
                        ExecLimits.NONE,
                        new TextSink(),
                        observer,
                        new Cancellation())
                .join();
        assertThat(result.exit()).isEqualTo(new Exited(0));
    }
}
