package io.jenkins.plugins.sshexec.core.durable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.DurableLost;
import io.jenkins.plugins.sshexec.core.error.DurableLost.Cause;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a durable command relies on at its host: room on the disk, and a clock, or rather not. */
class DurableHostTest {

    /** For a server's PATH. */
    @TempDir
    Path programs;

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofSeconds(90));
    }

    private static DurableRequest on(Path directory, DurableFixture fixture, String command) {
        return DurableRequest.toStart(
                fixture.real.spec(fixture.server),
                RealExec.HOLDER,
                fixture.id,
                Optional.of(directory.toString()),
                command.getBytes(UTF_8),
                RealExec.LIMIT,
                ExecLimits.NONE);
    }

    @Test
    void aFullDiskEndsTheCommandAndIsSaid() throws Exception {
        OpenSshServer server = OpenSshServer.startWithSmallDisk(512);
        try (DurableFixture fixture = new DurableFixture(server)) {
            Path pid = server.directory().resolve("command.pid");
            String command = "echo begun; echo $$ > " + pid + "; head -c 2000000 /dev/zero; exec sleep 1000";
            CompletableFuture<ExecResult> future = fixture.run(on(server.smallDisk(), fixture, command));
            assertThat(DurableFixture.failure(future))
                    .asInstanceOf(InstanceOfAssertFactories.type(DurableLost.class))
                    .satisfies(lost -> assertThat(lost.lostBy()).isEqualTo(Cause.DISK_FULL));
            assertThat(fixture.out()).startsWith("begun\n");
            long ended = Long.parseLong(Files.readString(pid).trim());
            patiently().until(() -> ProcessHandle.of(ended).isEmpty());
        }
    }

    @Test
    void aCommandThatEndsOnAFullDiskGivesItsOwnExitStatusAndIsSaidToMissOutput() throws Exception {
        OpenSshServer server = OpenSshServer.startWithSmallDisk(512);
        try (DurableFixture fixture = new DurableFixture(server)) {
            String command = "head -c 2000000 /dev/zero || exit 7";
            CompletableFuture<ExecResult> future = fixture.run(on(server.smallDisk(), fixture, command));
            assertThat(DurableFixture.await(future).exit()).isEqualTo(new Exited(7));
            assertThat(fixture.recorder.events()).containsExactly("starting", "launched", "disk was full", "ended");
        }
    }

    @Test
    void whereNothingCanBeStoredNothingRuns() throws Exception {
        OpenSshServer server = OpenSshServer.startWithSmallDisk(512);
        try (DurableFixture fixture = new DurableFixture(server)) {
            Path ran = server.directory().resolve("ran");
            RealExec.Step filling = fixture.real.step(
                    server, "cat /dev/zero > " + server.smallDisk().resolve("rest") + "; true");
            DurableFixture.await(filling.result());
            CompletableFuture<ExecResult> future = fixture.run(on(server.smallDisk(), fixture, "touch " + ran));
            assertThat(DurableFixture.failure(future)).hasMessageContaining("its disk is full");
            assertThat(ran).doesNotExist();
            RealExec.Step listing =
                    fixture.real.step(server, "ls " + server.smallDisk()); // which this test does not see
            DurableFixture.await(listing.result());
            assertThat(listing.stdout()).isEqualTo("rest\n");
        }
    }

    /** Each look at the clock finds it so many hours further. */
    private OpenSshServer startWithClock(int hoursAtEachLook) throws Exception {
        Path date = programs.resolve("date");
        Path looks = programs.resolve("looks");
        Files.writeString(
                date,
                "#!/bin/sh\necho >> '" + looks + "'\nreal=$(PATH=/usr/bin:/bin date +%s)\n" + "echo $((real + "
                        + hoursAtEachLook * 3600 + " * $(wc -l < '" + looks + "')))\n");
        Files.setPosixFilePermissions(date, PosixFilePermissions.fromString("rwxr-xr-x"));
        return OpenSshServer.start("SetEnv PATH=" + programs + ":/usr/bin:/bin SHLVL=1");
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void aCommandIsEndedWithItsGraceWhateverTheClockDoes(int hours) throws Exception {
        try (DurableFixture fixture = new DurableFixture(startWithClock(hours))) {
            CompletableFuture<ExecResult> future = fixture.run("sh -c \"trap '' TERM; while :; do sleep 0.2; done\" &"
                    + " trap 'sleep 1; echo last words; exit' TERM; echo begun; while :; do sleep 0.2; done");
            patiently().until(() -> fixture.out().contains("begun"));
            fixture.cancellation.cancel();
            assertThat(DurableFixture.failure(future)).isInstanceOf(CancellationException.class);
            assertThat(fixture.out()).isEqualTo("begun\nlast words\n");
            assertThat(fixture.recorder.events()).containsExactly("starting", "launched");
        }
    }

    /** As after a jump of the clock: the files of a command that runs seem to be from another time. */
    @ParameterizedTest
    @ValueSource(longs = {-5, 5})
    void aCommandIsFoundAgainWhateverTheClockSays(long hours) throws Exception {
        try (DurableFixture fixture = new DurableFixture(startWithClock((int) hours))) {
            Path go = fixture.server.directory().resolve("go");
            CompletableFuture<ExecResult> future =
                    fixture.run("echo begun; until [ -e " + go + " ]; do sleep 0.2; done; exit 7");
            patiently().until(() -> fixture.out().contains("begun"));
            fixture.server.kill();
            patiently().until(() -> fixture.recorder.events().contains("lost"));
            try (Stream<Path> files = Files.list(fixture.folder())) {
                FileTime then = FileTime.from(Instant.now().plus(Duration.ofHours(hours)));
                for (Path file : files.toList()) {
                    Files.setLastModifiedTime(file, then);
                }
            }
            fixture.server.launch();
            patiently().until(() -> fixture.recorder.events().contains("found"));
            Files.createFile(go);
            assertThat(DurableFixture.await(future).exit()).isEqualTo(new Exited(7));
            assertThat(fixture.out()).isEqualTo("begun\n");
            assertThat(fixture.folders()).isEmpty();
        }
    }
}
