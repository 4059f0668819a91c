package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand.Terminal;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is left on a real OpenSSH server of a command that was ended. Most of the time of a test goes by in waiting for a
 * grace period, so the tests run side by side, each on a server of its own.
 */
@Timeout(120)
class EndedCommandTest {

    /** In the command line of every process that a test starts, and of no other. */
    private final String mark = "31" + ThreadLocalRandom.current().nextInt(1_000_000, 10_000_000);

    private final RealExec exec = RealExec.with(4, 1);

    /** For what is known in the end, and not given up before, however busy the machine. */
    private final RealExec patient = RealExec.patient(4, 1);

    private final RecordingObserver observer = new RecordingObserver();
    private final Cancellation cancellation = new Cancellation();
    private final Output output = new Output();
    private OpenSshServer server;

    @AfterEach
    void close() throws IOException {
        exec.close();
        patient.close();
        server.close();
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    /** Root's commands OpenSSH 9.2 does not signal, those of others it does. */
    @ParameterizedTest
    @Execution(CONCURRENT)
    @CsvSource(
            delimiter = '|',
            value = {
                "root     | sleep MARK",
                "ordinary | sleep MARK",
                // Children of its process group
                "root     | sleep MARK & sleep MARK & wait",
                "ordinary | sleep MARK & sleep MARK & wait",
                // In a session, and so a process group, of their own
                "root     | setsid sleep MARK & wait",
                "ordinary | setsid sleep MARK & wait",
                // Whose parent has gone
                "root     | (setsid sleep MARK &); sleep MARK",
                "ordinary | (setsid sleep MARK &); sleep MARK",
                // The command itself ends, what it has started holds the output open
                "root     | sleep MARK & exit 0",
                // Deaf to TERM
                "root     | trap '' TERM; sleep MARK & wait; sleep MARK",
                "ordinary | trap '' TERM; setsid sleep MARK & wait; sleep MARK",
            })
    void nothingIsLeft(String user, String command) throws IOException {
        start(user);
        CompletableFuture<ExecResult> future = runPatiently(RemoteCommand.of("echo started; " + command));
        cancelOnceItRuns();
        assertCancelled(future);
        assertThat(processes()).isEmpty();
        assertThat(observer.events()).containsExactly("starting on a new session");
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @ValueSource(strings = {"root", "ordinary"})
    void nothingIsLeftOfACommandOnATerminal(String user) throws IOException {
        start(user);
        RemoteCommand command = RemoteCommand.of("echo started; sleep MARK & sleep MARK".replace("MARK", mark))
                .withTerminal(new Terminal("xterm", 80, 24));
        CompletableFuture<ExecResult> future = runPatiently(command);
        cancelOnceItRuns();
        assertCancelled(future);
        assertThat(processes()).isEmpty();
    }

    /** So that a service that shuts down in an orderly way is not told twice, which many take for "at once". */
    @Test
    @Execution(CONCURRENT)
    void termComesOnce() throws IOException {
        start("ordinary");
        Path terms = Files.createFile(server.directory().resolve("terms"));
        Files.setPosixFilePermissions(terms, PosixFilePermissions.fromString("rw-rw-rw-"));
        String command = "trap 'echo TERM >> " + terms + "; sleep 0.5; exit 3' TERM; echo started; sleep MARK & wait";
        CompletableFuture<ExecResult> future = runPatiently(RemoteCommand.of(command));
        cancelOnceItRuns();
        assertCancelled(future);
        assertThat(terms).hasContent("TERM");
        assertThat(processes()).isEmpty();
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @ValueSource(strings = {"root", "ordinary"})
    void commandsOfOthersOnTheSessionAreLeftAlone(String user) throws IOException {
        start(user);
        try (RealExec shared = RealExec.with(1, 2)) {
            Cancellation neighbour = new Cancellation();
            Output neighbours = new Output();
            String other = "32" + mark;
            RemoteCommand sleeping = RemoteCommand.of("echo started; setsid sleep " + other + " & wait");
            CompletableFuture<ExecResult> stays =
                    shared.run(server, sleeping, ExecLimits.NONE, neighbours, new RecordingObserver(), neighbour);
            await().atMost(RealExec.LIMIT).until(neighbours::startedToRun);
            RemoteCommand command = RemoteCommand.of("echo started; exec sleep " + mark);
            CompletableFuture<ExecResult> future =
                    shared.run(server, command, ExecLimits.NONE, output, observer, cancellation);
            cancelOnceItRuns();
            assertCancelled(future);
            assertThat(stays).isNotDone();
            assertThat(processes()).hasSize(2).allMatch(process -> commandLine(process)
                    .contains(other));
            assertThat(server.logins()).isOne();
            neighbour.cancel();
            assertCancelled(stays);
            assertThat(processes()).isEmpty();
        }
    }

    /** The script that looks for what is left would be the forced command once more. */
    @Test
    @Execution(CONCURRENT)
    void forcedCommandRunsOnce() throws IOException {
        Path runs = Files.createTempFile("ssh-exec-forced", ".txt");
        Files.setPosixFilePermissions(runs, PosixFilePermissions.fromString("rw-rw-rw-"));
        server = OpenSshServer.startForOrdinaryUser(
                "ForceCommand echo run >> " + runs + "; echo started; sleep " + mark);
        CompletableFuture<ExecResult> future = run(RemoteCommand.of("ignored"), ExecLimits.NONE);
        cancelOnceItRuns();
        assertCancelled(future);
        assertThat(runs).hasContent("run");
        assertThat(observer.events()).endsWith("may still run");
        Files.delete(runs);
    }

    @Test
    @Execution(CONCURRENT)
    void whatCannotBeEndedIsSaid() throws IOException {
        start("ordinary");
        assumeTrue("root".equals(OpenSshServer.user()), "Only root can let others become root");
        Path sudo = server.directory().resolve("sudo");
        Files.copy(Path.of("/usr/bin/setpriv"), sudo);
        Files.setAttribute(sudo, "unix:mode", 0104755);
        // Holds no output open, so the command's end waits for the last look around, however long that takes.
        String asRoot = sudo + " --reuid=0 --regid=0 --clear-groups sleep MARK > /dev/null 2>&1";
        CompletableFuture<ExecResult> future =
                runPatiently(RemoteCommand.of("trap '' TERM; echo started; " + asRoot + " & wait; wait"));
        await().atMost(RealExec.LIMIT).until(() -> processes().stream()
                .anyMatch(process -> commandLine(process).matches("\\S*sleep " + mark)));
        cancellation.cancel();
        assertCancelled(future);
        assertThat(observer.events()).last().asString().matches("survived: \\[\\d+ sleep " + mark + "]");
    }

    /** Nothing is left to signal then, and that tells nothing of forced commands. */
    @Test
    @Execution(CONCURRENT)
    void whatAnEndedCommandHasLeftBehindIsNotLookedForWhereACommandMayBeForced() throws IOException {
        start("ordinary");
        CompletableFuture<ExecResult> future =
                run(RemoteCommand.of("echo started; sleep MARK & exit 0"), ExecLimits.NONE);
        cancelOnceItRuns();
        assertCancelled(future);
        assertThat(observer.events()).endsWith("may still run");
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @ValueSource(strings = {"root", "ordinary"})
    void totalTimeEndsTheCommandAndCountsFromTheStart(String user) throws IOException {
        start(user);
        ExecLimits limits = new ExecLimits(Optional.empty(), Optional.of(Duration.ofSeconds(6)));
        CompletableFuture<ExecResult> future = run(RemoteCommand.of("echo started; sleep MARK"), limits);
        assertThat(timeoutOf(future))
                .matches(timeout -> !timeout.idle() && timeout.stage().commandMayHaveRun());
        assertThat(processes()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void silenceEndsTheCommandAndOutputPutsItOff() throws IOException {
        start("ordinary");
        ExecLimits limits = new ExecLimits(Optional.of(Duration.ofSeconds(5)), Optional.empty());
        CompletableFuture<ExecResult> future =
                run(RemoteCommand.of("for i in 1 2 3 4 5 6; do echo $i; sleep 1; done; sleep MARK"), limits);
        assertThat(timeoutOf(future).idle()).isTrue();
        assertThat(output.text()).isEqualTo("1\n2\n3\n4\n5\n6\n");
        assertThat(processes()).isEmpty();
    }

    private void start(String user) throws IOException {
        server = user.equals("root") ? OpenSshServer.start() : OpenSshServer.startForOrdinaryUser();
    }

    private CompletableFuture<ExecResult> run(RemoteCommand command, ExecLimits limits) {
        return exec.run(server, marked(command), limits, output, observer, cancellation);
    }

    private CompletableFuture<ExecResult> runPatiently(RemoteCommand command) {
        return patient.run(server, marked(command), ExecLimits.NONE, output, observer, cancellation);
    }

    private RemoteCommand marked(RemoteCommand command) {
        String line = new String(command.line(), StandardCharsets.UTF_8).replace("MARK", mark);
        return new RemoteCommand(
                line.getBytes(StandardCharsets.UTF_8), command.environment(), command.terminal(), false);
    }

    private void cancelOnceItRuns() {
        await().atMost(RealExec.LIMIT).until(output::startedToRun);
        await().atMost(RealExec.LIMIT).until(() -> !processes().isEmpty());
        cancellation.cancel();
    }

    private static void assertCancelled(CompletableFuture<?> future) {
        assertThat(catchThrowable(future::join))
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isInstanceOf(CancellationException.class),
                        thrown -> assertThat(thrown).hasCauseInstanceOf(CancellationException.class));
    }

    private static CommandTimeout timeoutOf(CompletableFuture<?> future) {
        Throwable failure = catchThrowable(future::join);
        assertThat(failure).isInstanceOf(CompletionException.class).hasCauseInstanceOf(CommandTimeout.class);
        return (CommandTimeout) failure.getCause();
    }

    /** Those whose command line has the mark. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains(mark))
                .toList();
    }

    private static String commandLine(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }

    private static final class Output implements OutputSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public synchronized void stdout(byte[] buffer, int offset, int length) {
            bytes.write(buffer, offset, length);
        }

        @Override
        public synchronized void stderr(byte[] buffer, int offset, int length) {
            bytes.write(buffer, offset, length);
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        boolean startedToRun() {
            return text().startsWith("started");
        }
    }
}
