package io.jenkins.plugins.sshexec.core.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The folders on the host: where they are, and which of them a launch clears away. */
class DurableFolderTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.now().minus(Duration.ofDays(9)));

    @Test
    void launchClearsAwayWhatEndedLongAgoAndNothingElse() throws Exception {
        try (DurableFixture fixture = new DurableFixture(OpenSshServer.start())) {
            Path base = fixture.folder().getParent();
            Path ended = folder(base, UUID.randomUUID().toString(), "result", LONG_AGO);
            Path killed = folder(base, UUID.randomUUID().toString(), "stdout", LONG_AGO);
            Path endedJustNow = folder(base, UUID.randomUUID().toString(), "result", FileTime.from(Instant.now()));
            Path notOurs = folder(base, "backup", "result", LONG_AGO);
            Path firstLine = folder(base, "01234567-0123-0123-0123-0123", "result", LONG_AGO);
            Path twoLines = folder(base, "01234567-0123-0123-0123-0123\n4567890", "result", LONG_AGO);
            Path notOursEither = folder(base, UUID.randomUUID().toString(), "result", LONG_AGO);
            Files.delete(notOursEither.resolve("wrapper"));
            Files.setLastModifiedTime(notOursEither, LONG_AGO);
            CompletableFuture<ExecResult> running = fixture.run("until [ -e '" + base + "/go' ]; do sleep 0.2; done");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(fixture.folder().resolve("pid")));
            makeOld(fixture.folder());
            DurableFixture other = new DurableFixture(fixture.server);
            try (RealExec closed = other.real) {
                assertThat(DurableFixture.await(other.run("true")).exit()).isEqualTo(new Exited(0));
            }
            assertThat(ended).doesNotExist();
            assertThat(killed).doesNotExist();
            assertThat(endedJustNow).exists();
            assertThat(notOurs).exists();
            assertThat(firstLine).exists();
            assertThat(twoLines).exists();
            assertThat(notOursEither).exists();
            assertThat(fixture.folder()).exists();
            Files.createFile(base.resolve("go"));
            assertThat(DurableFixture.await(running).exit()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void leftoversAreLookedForOnceADayWhereTheLoginHasRunDurableCommands() throws Exception {
        try (DurableFixture fixture = new DurableFixture(OpenSshServer.start())) {
            ManualClock clock = new ManualClock();
            DurableExec exec = new DurableExec(
                    fixture.real.exec(), fixture.real.threads(), clock, DurableFixture.TIMES, "/bin/sh");
            DurableFixture.await(
                    exec.run(fixture.request("true"), fixture.new Kept(), fixture.recorder, fixture.cancellation));
            Path base = fixture.folder().getParent();
            Path left = folder(base, UUID.randomUUID().toString(), "result", LONG_AGO);
            Path fresh = folder(base, UUID.randomUUID().toString(), "result", FileTime.from(Instant.now()));
            Path notOurs = folder(base, "backup", "result", LONG_AGO);
            SessionSpec spec = fixture.real.spec(fixture.server);
            long before = fixture.server.commands();
            DurableFixture.await(exec.sweep(spec, RealExec.HOLDER, RealExec.LIMIT)); // the launch did just now
            clock.advance(SweptPlaces.PERIOD);
            SessionSpec anotherLogin = fixture.real.spec(fixture.server.endpoint(), EmbeddedSshServer.login());
            DurableFixture.await(exec.sweep(anotherLogin, RealExec.HOLDER, RealExec.LIMIT));
            assertThat(fixture.server.commands()).isEqualTo(before);
            assertThat(left).exists();

            DurableFixture.await(exec.sweep(spec, RealExec.HOLDER, RealExec.LIMIT));
            assertThat(left).doesNotExist();
            assertThat(fresh).exists();
            assertThat(notOurs).exists();
            DurableFixture.await(exec.sweep(spec, RealExec.HOLDER, RealExec.LIMIT));
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(fixture.server.commands())
                    .isEqualTo(before + 1));
            assertThat(fixture.server.connections()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotBeSweptIsNoFailure() throws Exception {
        try (DurableFixture fixture = new DurableFixture(OpenSshServer.start())) {
            ManualClock clock = new ManualClock();
            DurableExec exec = new DurableExec(
                    fixture.real.exec(), fixture.real.threads(), clock, DurableFixture.TIMES, "/bin/sh");
            DurableFixture.await(
                    exec.run(fixture.request("true"), fixture.new Kept(), fixture.recorder, fixture.cancellation));
            clock.advance(SweptPlaces.PERIOD);
            SessionSpec spec = fixture.real.spec(fixture.server);
            fixture.real.pool().close();
            DurableFixture.await(exec.sweep(spec, RealExec.HOLDER, RealExec.LIMIT));
        }
    }

    private static Path folder(Path base, String name, String file, FileTime time) throws IOException {
        Path folder = Files.createDirectories(base.resolve(name));
        for (String each : new String[] {"wrapper", "heartbeat", file}) {
            Files.setLastModifiedTime(Files.writeString(folder.resolve(each), "1\n"), time);
        }
        Files.setLastModifiedTime(folder, time);
        return folder;
    }

    /** All but the heartbeat, which is written again all the time. */
    private static void makeOld(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> !each.endsWith("heartbeat")).toList()) {
                Files.setLastModifiedTime(file, LONG_AGO);
            }
        }
        Files.setLastModifiedTime(folder, LONG_AGO);
    }

    @Test
    void folderIsInTheHomeDirectoryUnlessToldOtherwise() throws Exception {
        Path home = Files.createTempDirectory("ssh-exec-home");
        try (DurableFixture fixture = new DurableFixture(OpenSshServer.start("SetEnv HOME=" + home + " SHLVL=1"))) {
            DurableRequest request = DurableRequest.toStart(
                    fixture.real.spec(fixture.server),
                    RealExec.HOLDER,
                    fixture.id,
                    Optional.empty(),
                    "ls ~/.jenkins-ssh-exec".getBytes(StandardCharsets.UTF_8),
                    RealExec.LIMIT,
                    ExecLimits.NONE);
            DurableFixture.await(fixture.run(request));
            assertThat(fixture.out()).isEqualTo(fixture.id + "\n");
            assertThat(home.resolve(".jenkins-ssh-exec")).isEmptyDirectory();
        } finally {
            Files.deleteIfExists(home.resolve(".jenkins-ssh-exec"));
            Files.delete(home);
        }
    }
}
