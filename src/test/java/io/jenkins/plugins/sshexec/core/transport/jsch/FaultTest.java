package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.ExecRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnExec;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller learns when a server fails at a chosen moment of a command. */
class FaultTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    /** Seconds within which a lost session is known to be; a start may take {@link TransportFixture#LIMIT}. */
    private static final int LONG_BEFORE_THE_LIMIT = 15;

    private final TransportFixture fixture = new TransportFixture();
    private final CollectingSink sink = new CollectingSink();
    private EmbeddedSshServer server;
    private SshSession session;

    @BeforeEach
    void connect() throws Exception {
        server = EmbeddedSshServer.start();
        session = fixture.connect(server.endpoint(), EmbeddedSshServer.login());
    }

    @AfterEach
    void close() throws Exception {
        session.close();
        server.close();
    }

    @Test
    void channelRefusedLeavesTheSessionUsable() throws Exception {
        server.onOpen(OnOpen.REFUSE);
        assertThatThrownBy(() -> start(session, "exit 0", sink))
                .isInstanceOf(ChannelRefused.class)
                .hasMessageContaining("resource shortage");

        server.onOpen(OnOpen.ACCEPT);
        assertThat(run(session, "exit 0", sink)).isEqualTo(new Exited(0));
        assertThat(server.commands()).containsExactly("exit 0");
    }

    @Test
    void aChannelIsTriedWithoutACommand() throws Exception {
        session.tryChannel(TransportFixture.LIMIT);
        server.onOpen(OnOpen.REFUSE);
        assertThatThrownBy(() -> session.tryChannel(TransportFixture.LIMIT)).isInstanceOf(ChannelRefused.class);
        server.onOpen(OnOpen.HANG);
        assertThatThrownBy(() -> session.tryChannel(SHORT)).isInstanceOf(SessionLost.class);
        assertThat(server.commands()).isEmpty();
    }

    @Test
    void noAnswerToTheChannelOpen() {
        server.onOpen(OnOpen.HANG);
        assertLost(Stage.CHANNEL, () -> startWithin(SHORT)).hasMessageContaining("no answer within");
        assertThat(server.commands()).isEmpty();
    }

    @Test
    void cancelledWhileTheChannelIsOpened() throws Exception {
        server.onOpen(OnOpen.HANG);
        Cancellation cancellation = new Cancellation();
        FutureTask<RemoteProcess> starting =
                new FutureTask<>(() -> session.start(RemoteCommand.of("x"), sink, LIMIT, cancellation));
        Thread starter = new Thread(starting);
        starter.start();
        await().until(() -> starter.getState() == Thread.State.TIMED_WAITING);
        cancellation.cancel();
        assertThatThrownBy(() -> starting.get(LIMIT.toSeconds() / 2, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(server.commands()).isEmpty();
    }

    @Test
    @Timeout(LONG_BEFORE_THE_LIMIT)
    void droppedAtTheChannelOpen() {
        server.onOpen(OnOpen.DROP);
        assertLost(Stage.CHANNEL, () -> start(session, "exit 0", sink));
        assertThat(session.isOpen()).isFalse();
        assertThat(server.commands()).isEmpty();
    }

    @Test
    @Timeout(LONG_BEFORE_THE_LIMIT)
    void droppedBeforeTheChannelOpen() {
        server.dropConnections();
        assertLost(Stage.CHANNEL, () -> {
            start(session, "exit 0", sink);
            start(session, "exit 0", sink);
        });
        assertThat(server.commands()).isEmpty();
    }

    @Test
    void execRefusedEvenAfterOthersWereNot() throws Exception {
        assertThat(run(session, "exit 0", sink)).isEqualTo(new Exited(0));
        server.onExec(OnExec.REFUSE);
        assertThatThrownBy(() -> start(session, "exit 1", sink))
                .isInstanceOf(ExecRefused.class)
                .extracting(e -> ((SshException) e).stage())
                .isEqualTo(Stage.CHANNEL);
        server.onExec(OnExec.RUN);
        assertThat(run(session, "exit 2", sink)).isEqualTo(new Exited(2));
    }

    @Test
    void noAnswerToTheExecRequest() {
        server.onExec(OnExec.HANG);
        assertLost(Stage.RUN, () -> startWithin(SHORT));
        assertThat(server.commands()).hasSize(1);
    }

    @Test
    void droppedAtTheExecRequest() {
        server.onExec(OnExec.DROP);
        assertLost(Stage.RUN, () -> end(start(session, "exit 0", sink)));
    }

    @Test
    void droppedMidOutput() {
        server.runs(call -> {
            call.stdout("half a li");
            call.dropConnection();
        });
        assertLost(Stage.RUN, () -> run(session, "x", sink))
                .message()
                .containsAnyOf("closed the connection", "Connection reset");
        assertThat(sink.out()).isEqualTo("half a li");
    }

    @Test
    void channelEndsWithoutStatus() {
        server.runs(call -> call.stdout("out").endWithoutStatus());
        assertLost(Stage.RUN, () -> run(session, "x", sink)).hasMessageContaining("no exit status");
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void exitSignal() throws Exception {
        assertThat(run(session, "kill SEGV", sink)).isEqualTo(new Signalled("SEGV"));
    }

    @Test
    void signalReachesTheCommand() throws Exception {
        server.runs(call -> call.signalled(call.awaitSignal()));
        RemoteProcess process = start(session, "x", sink);
        process.signal("TERM");
        assertThat(end(process)).isEqualTo(new Signalled("TERM"));
        process.signal("KILL"); // too late, and nobody minds
    }

    @Test
    void closingTheProcessLeavesTheSessionUsable() throws Exception {
        RemoteProcess process = start(session, "hang", sink);
        process.close();
        process.close();
        assertLost(Stage.RUN, () -> end(process)).hasMessageContaining("closed here");
        assertThat(run(session, "echo on", sink)).isEqualTo(new Exited(0));
    }

    @Test
    void closingTheSessionEndsItsProcesses() throws Exception {
        RemoteProcess process = start(session, "hang", sink);
        session.close();
        assertLost(Stage.RUN, () -> end(process)).hasMessageContaining("closed here");
        assertThat(session.isOpen()).isFalse();
        assertLost(Stage.CHANNEL, () -> start(session, "exit 0", sink)).hasMessageContaining("closed here");
    }

    @Test
    void cancelledBeforeTheStart() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        assertThatThrownBy(() -> session.start(RemoteCommand.of("exit 0"), sink, LIMIT, cancellation))
                .isInstanceOf(CancellationException.class);
        assertThat(server.commands()).isEmpty();
    }

    private void startWithin(Duration timeout) throws SshException {
        session.start(RemoteCommand.of("exit 0"), sink, timeout, new Cancellation());
    }

    /** The session was lost in this stage, told by the call itself or by the future of its exit. */
    private static AbstractThrowableAssert<?, SessionLost> assertLost(Stage stage, ThrowingCallable call) {
        return assertThatThrownBy(() -> unwrapped(call))
                .asInstanceOf(throwable(SessionLost.class))
                .satisfies(lost -> assertThat(lost.stage()).isEqualTo(stage));
    }

    private static void unwrapped(ThrowingCallable call) throws Throwable {
        try {
            call.call();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
