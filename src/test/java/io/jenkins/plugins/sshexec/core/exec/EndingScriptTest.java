package io.jenkins.plugins.sshexec.core.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the script that ends a command is run, and what is made of its answer. */
class EndingScriptTest {

    private final List<FakeLease.Start> scripts = new ArrayList<>();
    private ExecFixture fixture = new ExecFixture();

    @ParameterizedTest
    @CsvSource({
        "me,   SSH-2.0-OpenSSH_9.2p1 Debian-2, false",
        "me,   SSH-2.0-OpenSSH_7.9,            false",
        "me,   SSH-2.0-OpenSSH_10.0,           false",
        "me,   SSH-2.0-OpenSSH_7.8,            true",
        "me,   SSH-2.0-OpenSSH_6.6.1p1,        true",
        "me,   SSH-2.0-dropbear_2022.83,       true",
        "root, SSH-2.0-OpenSSH_9.2p1,          true"
    })
    void whereSignalsAreRefusedItRunsUnlessThatMeansAForcedCommand(String user, String server, boolean runs) {
        fixture = new ExecFixture(user, ExecLimits.NONE);
        fixture.process.refuseSignals();
        runAndCancel(server);
        assertThat(scripts).hasSize(runs ? 1 : 0);
    }

    @Test
    void whereASignalIsTakenItRunsAndKnowsOfIt() {
        runAndCancel("SSH-2.0-OpenSSH_9.2p1");
        assertThat(scripts).hasSize(1);
        assertThat(line()).matches("exec /bin/sh -s [0-9a-f-]+ 5 1 1");
        assertThat(line().split(" ")[3])
                .isEqualTo(fixture.pool
                        .lastLease()
                        .starts()
                        .get(0)
                        .command()
                        .environment()
                        .get("LC_JENKINS_SSH_EXEC"));
    }

    @Test
    void itKnowsThatAnotherCommandSharesTheSession() {
        fixture.process.refuseSignals();
        FakeLease lease = willRun("SSH-2.0-dropbear");
        lease.hasNeighbour();
        cancel();
        assertThat(line()).endsWith(" 5 0 0");
        assertThat(lease.sharing()).containsExactly("kept to itself");
    }

    /** The signal goes to the number of a channel, which the server may give to the next command on the session. */
    @Test
    void noFurtherCommandIsLetOnTheSessionBeforeTheFirstSignal() {
        List<String> before = new ArrayList<>();
        FakeLease lease = willRun("SSH-2.0-OpenSSH_9.2p1");
        fixture.process.onSignal(() -> before.addAll(lease.sharing()));
        cancel();
        assertThat(before).containsExactly("kept to itself");
        assertThat(fixture.process.received()).containsExactly("TERM");
    }

    @Test
    void resultWaitsForTheScriptAndSurvivorsAreSaid() {
        FakeProcess script = new FakeProcess(ExecFixture.WEB1, event -> {});
        FakeLease lease = willRun("SSH-2.0-OpenSSH_9.2p1", script);
        CompletableFuture<ExecResult> future = cancel();
        fixture.process.end(new Signalled("TERM"));
        assertThat(future).isNotDone();
        assertThat(lease.isClosed()).isFalse();
        answer("12 sleep 100\n", "77 tail -f x\n", "done\n");
        script.end(0);
        assertThat(future).isCompletedExceptionally();
        assertThat(lease.events()).containsExactly("closed");
        assertThat(fixture.events())
                .containsExactly("starting on a new session", "TERM", "survived: [12 sleep 100, 77 tail -f x]");
        assertThat(fixture.timer.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Welcome to web1!\n", "MARK 12 sleep 100\n", "MARK done\nMARK 12 sleep\n"})
    void answerThatDoesNotComeToItsEndSaysNothing(String answer) {
        FakeProcess script = new FakeProcess(ExecFixture.WEB1, event -> {});
        willRun("SSH-2.0-OpenSSH_9.2p1", script);
        CompletableFuture<ExecResult> future = cancel();
        fixture.process.end(new Signalled("TERM"));
        give(answer.replace("MARK", mark()));
        script.end(new Exited(127));
        assertThat(future).isCompletedExceptionally();
        assertThat(fixture.events()).containsExactly("starting on a new session", "TERM");
    }

    @Test
    void longAnswerIsCutAndTakesNoMemory() {
        FakeProcess script = new FakeProcess(ExecFixture.WEB1, event -> {});
        willRun("SSH-2.0-OpenSSH_9.2p1", script);
        CompletableFuture<ExecResult> future = cancel();
        fixture.process.end(new Signalled("TERM"));
        for (int i = 0; i < 100; i++) {
            give("x".repeat(1_000));
        }
        answer("done\n");
        script.end(0);
        assertThat(future).isCompletedExceptionally();
        assertThat(fixture.events()).containsExactly("starting on a new session", "TERM");
    }

    @Test
    void scriptThatHangsIsGivenUp() {
        FakeProcess script = new FakeProcess(ExecFixture.WEB1, event -> {});
        FakeLease lease = willRun("SSH-2.0-OpenSSH_9.2p1", script);
        CompletableFuture<ExecResult> future = cancel();
        fixture.process.end(new Signalled("TERM"));
        fixture.pass(CommandEnding.GRACE);
        fixture.pass(CommandEnding.AFTER_KILL.minus(Duration.ofNanos(1)));
        assertThat(future).isNotDone();
        fixture.pass(Duration.ofNanos(1));
        assertThat(future).isCompletedExceptionally();
        assertThat(script.received()).containsExactly("channel closed");
        assertThat(lease.events()).containsExactly("closed");
    }

    /** As by a server that does not answer any more, and did not answer the command's own start either. */
    @Test
    void scriptWhoseStartIsNotAnsweredIsSoonGivenUpWhereTheServerDidNotTellOfTheCommandsEnd() {
        FakeProcess script = new FakeProcess(ExecFixture.WEB1, event -> {});
        FakeLease lease = fixture.willRun(false);
        lease.onScript(start -> {
            fixture.process.fail(ExecFixture.lost(Stage.RUN));
            fixture.pass(CommandEnding.SCRIPT_START.minus(Duration.ofNanos(1)));
            assertThat(lease.isClosed()).isFalse();
            fixture.pass(Duration.ofNanos(1));
            assertThat(lease.isClosed()).isTrue();
            return script;
        });
        assertThat(cancel()).isCompletedExceptionally();
        assertThat(script.received()).containsExactly("channel closed");
        assertThat(fixture.events()).containsExactly("starting on a new session", "TERM", "may still run");
    }

    @Test
    void scriptThatRunsByThenIsWaitedFor() {
        FakeProcess script = new FakeProcess(ExecFixture.WEB1, event -> {});
        willRun("SSH-2.0-OpenSSH_9.2p1", script);
        CompletableFuture<ExecResult> future = cancel();
        fixture.process.fail(ExecFixture.lost(Stage.RUN));
        fixture.pass(CommandEnding.SCRIPT_START);
        assertThat(future).isNotDone();
        answer("done\n");
        script.end(0);
        assertThat(future).isCompletedExceptionally();
        assertThat(fixture.events()).containsExactly("starting on a new session", "TERM");
    }

    /** One of the two says enough. */
    @Test
    void whereSurvivorsWereSaidItIsNotSaidThatSomethingMayStillRun() {
        FakeProcess script = new FakeProcess(ExecFixture.WEB1, event -> {});
        willRun("SSH-2.0-OpenSSH_9.2p1", script);
        CompletableFuture<ExecResult> future = cancel();
        answer("12 sleep 100\n", "done\n");
        script.end(0);
        assertThat(future).isNotDone();
        fixture.pass(CommandEnding.GRACE);
        fixture.pass(CommandEnding.AFTER_KILL);
        assertThat(future).isCompletedExceptionally();
        assertThat(fixture.events())
                .containsExactly(
                        "starting on a new session", "TERM", "survived: [12 sleep 100]", "KILL", "channel closed");
    }

    private void runAndCancel(String server) {
        willRun(server);
        cancel();
    }

    private FakeLease willRun(String server) {
        return willRun(server, new FakeProcess(ExecFixture.WEB1, event -> {}));
    }

    private FakeLease willRun(String server, FakeProcess script) {
        FakeLease lease = fixture.willRun(false);
        lease.serverIs(server);
        lease.onScript(start -> {
            scripts.add(start);
            return script;
        });
        return lease;
    }

    private CompletableFuture<ExecResult> cancel() {
        CompletableFuture<ExecResult> future = fixture.run();
        fixture.cancellation.cancel();
        fixture.pass(Duration.ZERO);
        return future;
    }

    private String line() {
        return new String(scripts.get(0).command().line(), UTF_8);
    }

    private String mark() {
        return line().split(" ")[3];
    }

    private void answer(String... lines) {
        for (String line : lines) {
            give(mark() + " " + line);
        }
    }

    private void give(String text) {
        try {
            scripts.get(0).output().stdout(text.getBytes(UTF_8), 0, text.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
