package io.jenkins.plugins.sshexec.core.durable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts, on a real server, read by each shell that hosts have for {@code /bin/sh}, as far as it is installed here. */
class DurableShellsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private DurableFixture fixture;

    static Stream<String> shells() {
        return Stream.of("dash", "bash", "busybox sh", "mksh", "ksh");
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    private void start(String shell) throws Exception {
        String program = shell.split(" ")[0];
        assumeTrue(
                Stream.of("/bin/", "/usr/bin/").anyMatch(place -> Files.isExecutable(Path.of(place + program))),
                "No " + program);
        fixture = new DurableFixture(OpenSshServer.start()).shell(shell);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void outputAndExitStatusComeBackAndNothingIsLeft(String shell) throws Exception {
        start(shell);
        RemoteExit exit = fixture.exit("echo 'out put'; echo \"it's\" >&2; printf 'no newline'; cat; exit 3");
        assertThat(exit).isEqualTo(new Exited(3));
        assertThat(fixture.out()).isEqualTo("out put\nno newline");
        assertThat(fixture.err()).isEqualTo("it's\n");
        assertThat(fixture.folders()).isEmpty();
        assertThat(fixture.recorder.events()).containsExactly("starting", "launched", "ended");
        // The last heartbeat sleeps for 10 s.
        Awaitility.await().atMost(PATIENCE).until(() -> processesOf(fixture) == 0);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void signalIsToldFromTheExitStatusThatAShellMakesOfIt(String shell) throws Exception {
        start(shell);
        assertThat(fixture.exit("kill -KILL $$; sleep 1")).isEqualTo(new Signalled("KILL"));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void exitStatusThatLooksLikeASignalIsNone(String shell) throws Exception {
        start(shell);
        assertThat(fixture.exit("exit 137")).isEqualTo(new Exited(137));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void bytesOfAllKindsPassBothWays(String shell) throws Exception {
        start(shell);
        byte[] command =
                "printf %s 'x'\\''\\n$HOME `ä` \u0001'; printf '\\0\\377\\r\\n'; printf '\\200' >&2".getBytes(UTF_8);
        DurableFixture.await(fixture.run(fixture.request(fixture.real.spec(fixture.server), command, ExecLimits.NONE)));
        byte[] start = "x'\\n$HOME `ä` \u0001".getBytes(UTF_8);
        byte[] expected = Arrays.copyOf(start, start.length + 4);
        System.arraycopy(new byte[] {0, (byte) 0xff, '\r', '\n'}, 0, expected, start.length, 4);
        assertThat(fixture.stdout.toByteArray()).isEqualTo(expected);
        assertThat(fixture.stderr.toByteArray()).containsExactly(0x80);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void folderIsForItsOwnerAloneAndTheCommandsUmaskIsItsOwn(String shell) throws Exception {
        start(shell);
        String folder = "'" + fixture.folder() + "'";
        fixture.exit("stat -c %a " + folder + "; find " + folder + " -type f ! -perm 600; umask; echo ${JSE_ID-none}");
        assertThat(fixture.out()).isEqualTo("700\n0022\nnone\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void cancellingEndsAllThatTheCommandHasStarted(String shell) throws Exception {
        start(shell);
        Path file = fixture.server.directory().resolve("pids");
        CompletableFuture<?> future = fixture.run("trap 'echo cleaned up; exit' TERM; setsid sleep 1000 & echo $! > "
                + file + "; sleep 1001 & echo $! >> " + file + "; echo running; while :; do sleep 1; done");
        Awaitility.await().atMost(PATIENCE).until(() -> fixture.out().contains("running"));
        fixture.cancellation.cancel();
        assertThat(DurableFixture.failure(future)).isInstanceOf(CancellationException.class);
        assertThat(fixture.out()).isEqualTo("running\ncleaned up\n");
        assertThat(fixture.folders()).isEmpty();
        List<String> pids = Files.readAllLines(file);
        assertThat(pids).hasSize(2);
        // Until they are reaped.
        Awaitility.await().atMost(PATIENCE).until(() -> pids.stream()
                .noneMatch(pid -> ProcessHandle.of(Long.parseLong(pid)).isPresent()));
        assertThat(fixture.recorder.events()).containsExactly("starting", "launched");
    }

    /** Processes that know the command's folder or id. */
    private static long processesOf(DurableFixture fixture) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(fixture.id.toString()))
                .count();
    }
}
