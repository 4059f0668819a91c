package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.spec;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The channel of the next command, opened during the one before. On real servers, apart from one that is not OpenSSH's. */
@Timeout(60)
class ChannelAheadTest {

    private static final Duration ANY = Duration.ZERO;
    private static final Duration NEVER = Duration.ofHours(1);

    /** For an answer that does not come. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final TransportFixture fixture = new TransportFixture();
    private final CollectingSink sink = new CollectingSink();

    /** Channels that were to be opened ahead. */
    private final AtomicInteger asked = new AtomicInteger();

    /** Those of which the answer has come. */
    private final AtomicInteger answered = new AtomicInteger();

    /** Whether openings are kept back. */
    private volatile boolean holding;

    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    @Test
    void theRequestLeavesAtOnce() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = connect(line.endpoint(), server.login(), ANY, NEVER)) {
            run(session, "true", sink);
            awaitAnswers(1);
            Path ran = server.directory().resolve("ran");
            holding = true; // the answer to the opening of one more would stop the line before the request is on it

            line.awaitQuiet();
            line.pauseAfter(TcpProxy.Direction.TO_CLIENT, 0);
            CompletableFuture<RemoteProcess> process = startAside(session, "touch " + ran, new Cancellation());
            Awaitility.await().until(() -> Files.exists(ran)); // though no answer of the server's comes through
            line.resume();

            assertThat(end(process.get())).isEqualTo(new Exited(0));
        }
    }

    @Test
    void eachCommandFindsOne() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("AcceptEnv COLOUR");
                SshSession session = connect(server, 4, ANY, NEVER)) {
            for (int i = 1; i <= 5; i++) {
                assertThat(run(session, "echo out; echo err >&2; exit " + i, sink))
                        .isEqualTo(new Exited(i));
                awaitAnswers(i);
            }
            assertThat(sink.out()).isEqualTo("out\n".repeat(5));
            assertThat(sink.err()).isEqualTo("err\n".repeat(5));

            RemoteCommand dressed = RemoteCommand.of("echo $COLOUR; test -t 1")
                    .withEnvironment(Map.of("COLOUR", "red"))
                    .withTerminal(new RemoteCommand.Terminal("xterm", 80, 24));
            CollectingSink terminal = new CollectingSink();
            assertThat(end(session.start(dressed, terminal, LIMIT, new Cancellation())))
                    .isEqualTo(new Exited(0));
            assertThat(terminal.out()).isEqualTo("red\r\n");
            assertThat(run(session, "echo \"<$COLOUR>\"", terminal)).isEqualTo(new Exited(0));
            assertThat(terminal.out()).endsWith("<>\n");
        }
    }

    @Test
    void notOnAShortLine() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                SshSession session = connect(server, 4, NEVER, NEVER)) {
            assertThatNoneIsAskedFor(session);
        }
    }

    @Test
    void notWhereASessionTakesOneChannel() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                SshSession session = connect(server, 1, ANY, NEVER)) {
            assertThatNoneIsAskedFor(session);
        }
    }

    @Test
    void notOnServersOfOthers() throws Exception {
        try (EmbeddedSshServer server = EmbeddedSshServer.start();
                SshSession session = connect(server.endpoint(), EmbeddedSshServer.login(), ANY, NEVER)) {
            server.runsRealProcesses();
            assertThatNoneIsAskedFor(session);
        }
    }

    @Test
    void aServerThatRefusesItIsNotAskedAgain() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions 1");
                SshSession session = connect(server, 4, ANY, NEVER)) {
            Path go = server.directory().resolve("go");
            RemoteProcess running = start(session, waitFor(go) + "; exit 3", sink);
            awaitAnswers(1);
            Files.createFile(go);
            assertThat(end(running)).isEqualTo(new Exited(3));

            // The server forgets a channel a moment after its end.
            Awaitility.await().ignoreExceptions().untilAsserted(() -> assertThat(run(session, "exit 4", sink))
                    .isEqualTo(new Exited(4)));
            assertThat(asked).hasValue(1);
        }
    }

    /** Both count for the server: the command that takes it does not open another one besides. */
    @Test
    void aCommandWaitsForTheOneOnItsWay() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions 2");
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = connect(line.endpoint(), server.login(), ANY, NEVER)) {
            Path go = server.directory().resolve("go");
            RemoteProcess running = startWithTheNextOnItsWay(session, line, go);

            CompletableFuture<RemoteProcess> second = startAside(session, "exit 5", new Cancellation());
            line.resume();

            assertThat(end(second.get())).isEqualTo(new Exited(5));
            Files.createFile(go);
            assertThat(end(running)).isEqualTo(new Exited(0));
        }
    }

    @Test
    void aCommandCancelledWhileItWaitsForTheOneOnItsWay() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions 2");
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = connect(line.endpoint(), server.login(), ANY, NEVER)) {
            Path go = server.directory().resolve("go");
            RemoteProcess running = startWithTheNextOnItsWay(session, line, go);

            Cancellation cancellation = new Cancellation();
            CompletableFuture<RemoteProcess> second = startAside(session, "exit 5", cancellation);
            cancellation.cancel();
            assertThatThrownBy(second::get).isInstanceOf(CancellationException.class);
            line.resume();

            awaitRoom(session); // the channel has been closed when its answer came
            Files.createFile(go);
            assertThat(end(running)).isEqualTo(new Exited(0));
            assertThat(server.commands()).isEqualTo(1);
        }
    }

    /** As where there is no such channel: the command is known not to have left, and can be sent on another session. */
    @Test
    void aSilentServerIsFoundOutBeforeTheCommandLeaves() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = connect(line.endpoint(), server.login(), ANY, Duration.ZERO)) {
            RemoteCommand command = RemoteCommand.of("true");
            for (int i = 1; i <= 2; i++) {
                assertThat(end(session.start(command, sink, SHORT, new Cancellation())))
                        .isEqualTo(new Exited(0));
                awaitAnswers(i);
            }
            Path ran = server.directory().resolve("ran");

            line.awaitQuiet();
            line.pause();
            assertThatThrownBy(() -> session.start(RemoteCommand.of("touch " + ran), sink, SHORT, new Cancellation()))
                    .asInstanceOf(throwable(SessionLost.class))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.CHANNEL));
            line.resume();

            assertThat(run(session, "true", sink)).isEqualTo(new Exited(0));
            assertThat(ran).doesNotExist();
        }
    }

    @Test
    void aCommandCancelledWhileTheServerIsAskedForASignOfLife() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = connect(line.endpoint(), server.login(), ANY, Duration.ZERO)) {
            run(session, "true", sink);
            awaitAnswers(1);
            line.awaitQuiet();
            line.pause();
            Cancellation cancellation = new Cancellation();
            CompletableFuture<RemoteProcess> second = startAside(session, "exit 5", cancellation);

            cancellation.cancel();

            assertThatThrownBy(second::get).isInstanceOf(CancellationException.class);
            line.resume();
            assertThat(run(session, "exit 6", sink)).isEqualTo(new Exited(6));
            assertThat(server.commands()).isEqualTo(2);
        }
    }

    /** Beside a command that keeps writing, so that no byte but the server's refusal tells that it has closed the channel. */
    @Test
    void filesComeFirst() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions 2", "Subsystem sftp internal-sftp");
                SshSession session = connect(server, 2, ANY, NEVER)) {
            Path go = server.directory().resolve("go");
            RemoteProcess running = start(session, waitFor(go).replace("do ", "do echo on; "), sink);
            awaitAnswers(1);

            try (RemoteFiles files = session.openFiles(LIMIT, new Cancellation())) {
                assertThat(files.look(go.toString())).isEmpty();
            }
            Files.createFile(go);
            assertThat(end(running)).isEqualTo(new Exited(0));
        }
    }

    @Test
    void theConnectionTestComesFirst() throws Exception {
        try (OpenSshServer server = OpenSshServer.start("MaxSessions 2");
                SshSession session = connect(server, 2, ANY, NEVER)) {
            Path go = server.directory().resolve("go");
            RemoteProcess running = start(session, waitFor(go), sink);
            awaitAnswers(1);

            session.tryChannel(LIMIT);

            Files.createFile(go);
            assertThat(end(running)).isEqualTo(new Exited(0));
        }
    }

    @Test
    void anOpeningWithoutAnAnswerIsTheEndOfTheSession() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = connect(line.endpoint(), server.login(), ANY, NEVER)) {
            holding = true;
            RemoteCommand command = RemoteCommand.of("true");
            end(session.start(command, sink, SHORT, new Cancellation()));
            line.pause();
            begin(held.remove());
            awaitAnswers(1);
            line.resume();

            assertThatThrownBy(() -> session.start(command, sink, SHORT, new Cancellation()))
                    .asInstanceOf(throwable(SessionLost.class))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.CHANNEL));
            assertThat(server.commands()).isEqualTo(1);
        }
    }

    @Test
    void anotherTimeoutNeedsAnotherChannel() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                SshSession session = connect(server, 4, ANY, NEVER)) {
            run(session, "true", sink);
            awaitAnswers(1);
            RemoteProcess process =
                    session.start(RemoteCommand.of("exit 7"), sink, LIMIT.plusSeconds(1), new Cancellation());
            assertThat(end(process)).isEqualTo(new Exited(7));
            awaitAnswers(2);
        }
    }

    @Test
    void noThreadCanBeStarted() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                SshSession session = transport(new ChannelsAhead(
                                task -> {
                                    asked.incrementAndGet();
                                    throw new OutOfMemoryError("unable to create native thread");
                                },
                                4,
                                ANY,
                                NEVER))
                        .connect(
                                spec(server.endpoint(), server.login(), Policies.acceptAny()),
                                LIMIT,
                                new Cancellation())) {
            assertThat(run(session, "exit 8", sink)).isEqualTo(new Exited(8));
            assertThat(run(session, "exit 9", sink)).isEqualTo(new Exited(9));
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void theEndOfTheSessionEndsTheWait() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy line = TcpProxy.to(server.endpoint());
                SshSession session = connect(line.endpoint(), server.login(), ANY, NEVER)) {
            startWithTheNextOnItsWay(session, line, server.directory().resolve("go"));
            CompletableFuture<RemoteProcess> second = startAside(session, "exit 5", new Cancellation());

            session.close();

            assertThatThrownBy(second::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .asInstanceOf(throwable(SessionLost.class))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.CHANNEL));
            awaitAnswers(1);
        }
    }

    private void assertThatNoneIsAskedFor(SshSession session) throws Exception {
        run(session, "true", sink);
        run(session, "true", sink);
        assertThat(asked).hasValue(0);
    }

    private SshSession connect(OpenSshServer server, int channels, Duration longRoundTrip, Duration silence)
            throws SshException {
        return connect(server.endpoint(), server.login(), channels, longRoundTrip, silence);
    }

    private SshSession connect(Endpoint endpoint, Login login, Duration longRoundTrip, Duration silence)
            throws SshException {
        return connect(endpoint, login, 4, longRoundTrip, silence);
    }

    private SshSession connect(Endpoint endpoint, Login login, int channels, Duration longRoundTrip, Duration silence)
            throws SshException {
        return transport(new ChannelsAhead(this::openAside, channels, longRoundTrip, silence))
                .connect(spec(endpoint, login, Policies.acceptAny()), LIMIT, new Cancellation());
    }

    private JschTransport transport(ChannelsAhead ahead) {
        return new JschTransport(
                Duration.ZERO, fixture.threadFactory, NanoClock.SYSTEM, new JumpSessions(NanoClock.SYSTEM), ahead);
    }

    private void openAside(Runnable opening) {
        asked.incrementAndGet();
        if (holding) {
            held.add(opening);
        } else {
            begin(opening);
        }
    }

    private void begin(Runnable opening) {
        fixture.threadFactory
                .newThread(() -> {
                    opening.run();
                    answered.incrementAndGet();
                })
                .start();
    }

    private void awaitAnswers(int count) {
        Awaitility.await().until(() -> answered.get() >= count);
    }

    /** A command that runs until the file is there, or nobody will make it any more. */
    private static String waitFor(Path file) {
        return "while [ -d " + file.getParent() + " ] && ! [ -e " + file + " ]; do sleep 0.01; done";
    }

    /** Starts a command that runs until the file is there, and keeps the opening of the next channel on the line. */
    private RemoteProcess startWithTheNextOnItsWay(SshSession session, TcpProxy line, Path go) throws Exception {
        holding = true;
        RemoteProcess running = start(session, waitFor(go), sink);
        holding = false;
        line.pause();
        long before = line.packetsToServer();
        begin(held.remove());
        Awaitility.await().until(() -> line.packetsToServer() > before);
        return running;
    }

    /** Begins a start that has to wait, and returns when it does. */
    private CompletableFuture<RemoteProcess> startAside(SshSession session, String command, Cancellation cancellation) {
        CompletableFuture<RemoteProcess> process = new CompletableFuture<>();
        Thread thread = fixture.threadFactory.newThread(() -> {
            try {
                process.complete(session.start(RemoteCommand.of(command), sink, LIMIT, cancellation));
            } catch (SshException | CancellationException e) {
                process.completeExceptionally(e);
            }
        });
        thread.start();
        Awaitility.await()
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        return process;
    }

    private static void awaitRoom(SshSession session) {
        Awaitility.await().ignoreExceptions().until(() -> {
            session.tryChannel(LIMIT);
            return true;
        });
    }
}
