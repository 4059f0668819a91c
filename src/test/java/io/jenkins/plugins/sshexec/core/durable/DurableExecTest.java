package io.jenkins.plugins.sshexec.core.durable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.DurableLost;
import io.jenkins.plugins.sshexec.core.error.DurableLost.Cause;
import io.jenkins.plugins.sshexec.core.error.DurableRefused;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/**
 * What becomes of a durable command whose connection, folder, wrapper or controller goes away. Some of it is found out when a
 * time has passed; these tests run side by side, each on a server of its own.
 */
class DurableExecTest {

    private DurableFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new DurableFixture(OpenSshServer.start());
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofSeconds(90));
    }

    private Path file(String name) {
        return fixture.server.directory().resolve(name);
    }

    /** A command that says "begun", and ends with status 7 once the file is there, after "done". */
    private String until(Path file) {
        return "echo begun; echo x >> " + file("starts") + "; until [ -e " + file
                + " ]; do sleep 0.2; done; echo done; exit 7";
    }

    private void awaitOutput(String text) {
        patiently().until(() -> fixture.out().contains(text));
    }

    @Test
    void outlivesTheServersCrash() throws Exception {
        CompletableFuture<ExecResult> future = fixture.run(until(file("go")));
        awaitOutput("begun");
        fixture.server.kill();
        patiently().until(() -> fixture.recorder.events().contains("lost"));
        Files.createFile(file("go"));
        fixture.server.launch();
        assertThat(DurableFixture.await(future).exit()).isEqualTo(new Exited(7));
        assertThat(fixture.out()).isEqualTo("begun\ndone\n");
        assertThat(Files.readString(file("starts"))).isEqualTo("x\n");
        assertThat(fixture.recorder.events()).containsExactly("starting", "launched", "lost", "found", "ended");
        assertThat(fixture.folders()).isEmpty();
    }

    @Test
    void isFoundAgainByAnotherControllerAtItsOffset() throws Exception {
        CompletableFuture<ExecResult> future = fixture.run(until(file("go")));
        awaitOutput("begun");
        fixture.real.pool().close(); // as when Jenkins stops
        assertThat(DurableFixture.failure(future)).hasMessageContaining("pool is shut down");
        DurableFixture next = new DurableFixture(fixture.server);
        try (RealExec closed = next.real) {
            DurableRequest again = new DurableRequest(
                    closed.spec(fixture.server),
                    RealExec.HOLDER,
                    fixture.id,
                    fixture.request("").directory(),
                    Optional.empty(),
                    RealExec.LIMIT,
                    ExecLimits.NONE,
                    new Offsets("begun\n".length(), 0),
                    Duration.ZERO,
                    Duration.ZERO);
            CompletableFuture<ExecResult> found = next.run(again);
            patiently().until(() -> next.recorder.events().contains("found"));
            Files.createFile(file("go"));
            assertThat(DurableFixture.await(found).exit()).isEqualTo(new Exited(7));
            assertThat(next.out()).isEqualTo("done\n");
            assertThat(fixture.folders()).isEmpty();
        }
    }

    @Test
    void failureThatNobodyForesawEndsTheRunToo() throws Exception {
        DurableFixture.Recorder broken = new DurableFixture.Recorder() {
            @Override
            public void launched() {
                throw new IllegalStateException("no log");
            }
        };
        DurableExec exec = new DurableExec(
                fixture.real.exec(), fixture.real.threads(), NanoClock.SYSTEM, DurableFixture.TIMES, "/bin/sh");
        CompletableFuture<ExecResult> future =
                exec.run(fixture.request("true"), fixture.new Kept(), broken, fixture.cancellation);
        assertThat(DurableFixture.failure(future))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no log");
    }

    @Test
    void launchThatIsSentTwiceStartsTheCommandOnce() throws Exception {
        CompletableFuture<ExecResult> first = fixture.run(until(file("go")));
        awaitOutput("begun");
        CompletableFuture<ExecResult> second = fixture.run(until(file("go")));
        patiently().until(() -> fixture.out().equals("begun\nbegun\n")); // both follow it
        Files.createFile(file("go"));
        DurableFixture.await(first);
        assertThat(Files.readString(file("starts"))).isEqualTo("x\n");
        second.exceptionally(gone -> null).join(); // the first has removed the folder, or not yet
    }

    @Test
    @Execution(CONCURRENT)
    void aWrapperThatWasKilledIsFoundOut() throws Exception {
        fixture.times(withRecheck(Duration.ofSeconds(1)));
        CompletableFuture<ExecResult> future = fixture.run("echo begun; exec sleep 1000");
        awaitOutput("begun");
        ProcessHandle wrapper = ProcessHandle.of(wrapperPid()).orElseThrow();
        wrapper.descendants().forEach(ProcessHandle::destroyForcibly);
        wrapper.destroyForcibly();
        assertLost(future, Cause.KILLED);
        assertThat(fixture.folders()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void aReusedProcessNumberIsNotTakenForTheWrapper() throws Exception {
        fixture.times(withRecheck(Duration.ofSeconds(1)));
        CompletableFuture<ExecResult> future = fixture.run("echo begun; exec sleep 1000");
        awaitOutput("begun");
        long pid = wrapperPid();
        Path file = fixture.folder().resolve("pid");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "^\\d+", String.valueOf(ProcessHandle.current().pid())));
        assertLost(future, Cause.KILLED);
        ProcessHandle.of(pid).ifPresent(wrapper -> wrapper.descendants().forEach(ProcessHandle::destroyForcibly));
    }

    @Test
    @Execution(CONCURRENT)
    void aMachineThatWasStartedAgainIsFoundOut() throws Exception {
        fixture.times(withRecheck(Duration.ofSeconds(1)));
        CompletableFuture<ExecResult> future = fixture.run("echo begun; exec sleep 1000");
        awaitOutput("begun");
        long pid = wrapperPid();
        Path file = fixture.folder().resolve("pid");
        Files.writeString(file, Files.readString(file).replaceFirst("@.*", "@another-boot"));
        assertLost(future, Cause.REBOOTED);
        ProcessHandle.of(pid).ifPresent(wrapper -> wrapper.descendants().forEach(ProcessHandle::destroyForcibly));
    }

    @Test
    void aFolderThatWasRemovedIsFoundOut() throws Exception {
        CompletableFuture<ExecResult> future = fixture.run("echo begun; " + until(file("go")));
        awaitOutput("begun");
        fixture.real
                .run(
                        fixture.server,
                        RemoteCommand.of("rm -rf '" + fixture.folder() + "'"),
                        ExecLimits.NONE,
                        fixture.new Kept(),
                        fixture.recorder,
                        fixture.cancellation)
                .get();
        assertLost(future, Cause.REMOVED);
        Files.createFile(file("go"));
    }

    @Test
    void whereNoFolderCanBeMadeItIsSaidAndNothingRuns() throws Exception {
        DurableRequest request = new DurableRequest(
                fixture.real.spec(fixture.server),
                RealExec.HOLDER,
                fixture.id,
                Optional.of("/proc/none"),
                Optional.of(("touch " + file("ran")).getBytes(UTF_8)),
                RealExec.LIMIT,
                ExecLimits.NONE,
                Offsets.NONE,
                Duration.ZERO,
                Duration.ZERO);
        assertThat(DurableFixture.failure(fixture.run(request)))
                .asInstanceOf(InstanceOfAssertFactories.type(DurableRefused.class))
                .satisfies(refused -> assertThat(refused.detail()).contains("/proc/none"));
        assertThat(file("ran")).doesNotExist();
    }

    @Test
    void whereTheShellIsNoneItIsSaid() throws Exception {
        fixture.shell("/no/such/shell");
        assertThat(DurableFixture.failure(fixture.run("true")))
                .asInstanceOf(InstanceOfAssertFactories.type(DurableRefused.class))
                .satisfies(refused -> assertThat(refused.detail()).contains("/no/such/shell"));
    }

    @Test
    @Execution(CONCURRENT)
    void timeLimitEndsTheCommandAndCountsWhatHasElapsed() throws Exception {
        Duration hour = Duration.ofHours(1);
        ExecLimits limits = new ExecLimits(Optional.empty(), Optional.of(hour));
        DurableRequest base =
                fixture.request(fixture.real.spec(fixture.server), "echo on; sleep 1000".getBytes(UTF_8), limits);
        DurableRequest request = new DurableRequest(
                base.spec(),
                base.holder(),
                base.id(),
                base.directory(),
                base.command(),
                base.startTimeout(),
                limits,
                Offsets.NONE,
                hour.minusSeconds(3),
                Duration.ZERO);
        assertThat(DurableFixture.failure(fixture.run(request)))
                .asInstanceOf(InstanceOfAssertFactories.type(CommandTimeout.class))
                .satisfies(timeout -> assertThat(timeout.limit()).isEqualTo(hour));
        assertThat(fixture.folders()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void silenceEndsTheCommand() throws Exception {
        ExecLimits limits = new ExecLimits(Optional.of(Duration.ofSeconds(2)), Optional.empty());
        CompletableFuture<ExecResult> future = fixture.run(
                fixture.request(fixture.real.spec(fixture.server), "echo on; exec sleep 1000".getBytes(UTF_8), limits));
        assertThat(DurableFixture.failure(future))
                .asInstanceOf(InstanceOfAssertFactories.type(CommandTimeout.class))
                .satisfies(timeout -> assertThat(timeout.idle()).isTrue());
    }

    @Test
    @Execution(CONCURRENT)
    void aCommandThatCannotBeReachedIsSaidToRunPerhaps() throws Exception {
        fixture.times(new DurableTimes(
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(25),
                Duration.ofSeconds(1)));
        CompletableFuture<ExecResult> future = fixture.run(until(file("go")));
        awaitOutput("begun");
        fixture.server.kill();
        patiently().until(() -> fixture.recorder.events().contains("lost"));
        fixture.cancellation.cancel();
        assertThat(DurableFixture.failure(future)).isInstanceOf(CancellationException.class);
        assertThat(fixture.recorder.events()).containsExactly("starting", "launched", "lost", "may still run");
        Files.createFile(file("go"));
    }

    @Test
    @Execution(CONCURRENT)
    void aHostThatStaysAwayIsGivenUp() throws Exception {
        fixture.times(new DurableTimes(
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(25),
                Duration.ofSeconds(1)));
        CompletableFuture<ExecResult> future = fixture.run(until(file("go")));
        awaitOutput("begun");
        fixture.server.kill();
        assertLost(future, Cause.UNREACHABLE);
        Files.createFile(file("go"));
    }

    @Test
    void outputThatIsRefusedEndsTheCommand() throws Exception {
        OutputSink refusing = new OutputSink() {
            @Override
            public void stdout(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("full");
            }

            @Override
            public void stderr(byte[] buffer, int offset, int length) {}
        };
        CompletableFuture<ExecResult> future = fixture.run(fixture.request("echo on; exec sleep 1000"), refusing);
        assertThat(DurableFixture.failure(future)).isInstanceOf(OutputRefused.class);
        assertThat(fixture.folders()).isEmpty();
    }

    private static DurableTimes withRecheck(Duration recheck) {
        DurableTimes times = DurableFixture.TIMES;
        return new DurableTimes(
                times.firstRetry(), times.lastRetry(), times.unreachable(), times.answer(), recheck, times.ending());
    }

    private long wrapperPid() throws IOException {
        return Long.parseLong(Files.readString(fixture.folder().resolve("pid")).split(" ")[0]);
    }

    private static void assertLost(CompletableFuture<?> future, Cause cause) throws Exception {
        assertThat(DurableFixture.failure(future))
                .asInstanceOf(InstanceOfAssertFactories.type(DurableLost.class))
                .satisfies(lost -> assertThat(lost.lostBy()).isEqualTo(cause));
    }
}
