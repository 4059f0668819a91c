package io.jenkins.plugins.sshexec.core.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.LaunchRefused;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real sudo, set up for each test by a sudoers file of its own. */
class SudoTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Exited OK = new Exited(0);
    private static final String WITH_PASSWORD = "USER ALL=(ALL:ALL) ALL";
    private static final String WITHOUT_PASSWORD = "USER ALL=(ALL:ALL) NOPASSWD: ALL";

    private LaunchFixture fixture;

    private LaunchFixture start(String... sudoers) throws Exception {
        fixture = new LaunchFixture(OpenSshServer.startForSudo(sudoers));
        return fixture;
    }

    @AfterEach
    void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void passwordIsGivenWhereItIsAskedFor() throws Exception {
        start(WITH_PASSWORD, "Defaults lecture=never").sudo("root", OpenSshServer.SUDO_PASSWORD);
        assertThat(fixture.exit("id -un; echo \"$SUDO_USER $HOME\"; exit 3")).isEqualTo(new Exited(3));
        assertThat(fixture.out()).isEqualTo("root\nsshexec /root\n");
        assertThat(fixture.err()).isEmpty();
    }

    @Test
    void noPasswordIsGivenWhereNoneIsAskedFor() throws Exception {
        start(WITHOUT_PASSWORD).sudo("root", OpenSshServer.SUDO_PASSWORD);
        assertThat(fixture.input("text").exit("id -un; cat")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("root\ntext");
    }

    @Test
    void anotherUserGetsDirectoryVariablesAndInput() throws Exception {
        start(WITH_PASSWORD).sudo("nobody", OpenSshServer.SUDO_PASSWORD);
        Path directory = Files.createDirectory(
                Path.of(fixture.server.directory() + "/theirs"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setAttribute(directory, "unix:uid", 65534);
        fixture.in(directory.toString()).variable("LINES", "a\n'b'").input("text");
        assertThat(fixture.exit("id -un; pwd; echo \"$LINES\"; cat")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("nobody\n" + directory + "\na\n'b'\ntext");
    }

    @Test
    void anotherUserMayBeANumber() throws Exception {
        start(WITHOUT_PASSWORD).sudo("#65534", null);
        assertThat(fixture.exit("id -un")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("nobody\n");
    }

    @Test
    void passwordIsInNoProcessListAndNoEnvironment() throws Exception {
        start(WITH_PASSWORD).sudo("root", OpenSshServer.SUDO_PASSWORD);
        assertThat(fixture.exit("env; ps -eo args")).isEqualTo(OK);
        assertThat(fixture.out()).contains("SUDO_USER=sshexec", "ps -eo args");
        assertThat(fixture.out() + fixture.err()).doesNotContain(OpenSshServer.SUDO_PASSWORD);
    }

    @Test
    void languageOfTheCommandIsNotThatOfSudo() throws Exception {
        start(WITHOUT_PASSWORD).sudo("root", null);
        assertThat(fixture.exit("echo \"<${LC_ALL-unset}>\"")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("<unset>\n");
    }

    @Test
    void wrongPasswordFailsAtTheFirstTry() throws Exception {
        start(WITH_PASSWORD, "Defaults passwd_tries=3").sudo("root", "wrong");
        assertThat(refusal("id").refusedBy()).isEqualTo(LaunchRefused.Cause.WRONG_PASSWORD);
        assertThat(fixture.out()).isEmpty();
        assertThat(fixture.err()).contains("Sorry, try again.").doesNotContain("jse");
    }

    @Test
    void wrongPasswordIsToldWhereSudoAsksOnceOnly() throws Exception {
        start(WITH_PASSWORD, "Defaults passwd_tries=1").sudo("root", "wrong");
        assertThat(refusal("id").refusedBy()).isEqualTo(LaunchRefused.Cause.WRONG_PASSWORD);
    }

    @Test
    void wrongPasswordFailsAtATerminalToo() throws Exception {
        start(WITH_PASSWORD).terminal().sudo("root", "wrong");
        assertThat(refusal("id").refusedBy()).isEqualTo(LaunchRefused.Cause.WRONG_PASSWORD);
        assertThat(fixture.out()).doesNotContain("jse", "wrong");
    }

    @Test
    void missingPasswordIsTold() throws Exception {
        start(WITH_PASSWORD).sudo("root", null);
        assertThat(refusal("id").refusedBy()).isEqualTo(LaunchRefused.Cause.NO_PASSWORD);
    }

    @Test
    void userWhoMayNotIsToldInSudosWords() throws Exception {
        start("USER ALL=(nobody) NOPASSWD: ALL").sudo("root", OpenSshServer.SUDO_PASSWORD);
        LaunchRefused refused = refusal("id");
        assertThat(refused.refusedBy()).isEqualTo(LaunchRefused.Cause.SUDO);
        assertThat(refused.detail()).contains("sshexec", "not allowed");
    }

    @Test
    void sudoThatWantsATerminalSaysSo() throws Exception {
        start(WITHOUT_PASSWORD, "Defaults requiretty").sudo("root", null);
        assertThat(refusal("id").refusedBy()).isEqualTo(LaunchRefused.Cause.NO_TERMINAL);
    }

    @Test
    void sudoThatWantsATerminalWorksWithOne() throws Exception {
        start(WITH_PASSWORD, "Defaults requiretty", "Defaults lecture=never")
                .terminal()
                .variable("LINES", "a\nb")
                .input("typed\n")
                .sudo("root", OpenSshServer.SUDO_PASSWORD);
        assertThat(fixture.exit("stty size; id -un; echo \"$LINES\"; read line; echo \"<$line>\""))
                .isEqualTo(OK);
        // The terminal shows what is typed when that arrives, between any two lines of the command.
        String out = fixture.out().replaceFirst("(?m)^typed\r\n", "");
        assertThat(out).contains("37 101\r\n", "root\r\na\r\nb\r\n", "<typed>\r\n");
        assertThat(fixture.out()).doesNotContain("jse", OpenSshServer.SUDO_PASSWORD);
    }

    @Test
    void sudoThatMakesATerminalOfItsOwnWorksWithAndWithout() throws Exception {
        start(WITH_PASSWORD, "Defaults use_pty", "Defaults lecture=never")
                .variable("A", "b")
                .input("text")
                .sudo("root", OpenSshServer.SUDO_PASSWORD);
        assertThat(fixture.exit("echo \"$A\"; cat")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("b\ntext");
        fixture.terminal().input("typed\n");
        assertThat(fixture.exit("stty size; read line; echo \"<$line>\"")).isEqualTo(OK);
        assertThat(fixture.out()).contains("37 101\r\n", "<typed>\r\n").doesNotContain("jse");
    }

    @Test
    void abortedCommandIsEndedBySudo() throws Exception {
        start(WITHOUT_PASSWORD).sudo("root", null);
        CompletableFuture<ExecResult> result = fixture.start("echo $$; exec sleep 1000");
        long pid = pid();
        fixture.cancellation.cancel();
        assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(CancellationException.class);
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(fixture.observer.events()).containsExactly("starting on a new session");
    }

    @Test
    void abortedCommandThatCannotBeEndedIsTold() throws Exception {
        start(WITHOUT_PASSWORD).sudo("root", null);
        fixture.real.step(fixture.server, "exec sleep 1000"); // so that the session is not the command's alone
        CompletableFuture<ExecResult> result = fixture.start("trap '' TERM; echo $$; while :; do sleep 1; done");
        long pid = pid();
        fixture.cancellation.cancel();
        try {
            assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(CancellationException.class);
            assertThat(ProcessHandle.of(pid)).isPresent();
            assertThat(fixture.observer.events()).anyMatch(event -> event.contains(String.valueOf(pid)));
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** That the command has printed. */
    private long pid() {
        await().atMost(PATIENCE).until(() -> fixture.out().endsWith("\n"));
        return Long.parseLong(fixture.out().strip());
    }

    private LaunchRefused refusal(String command) throws Exception {
        try {
            fixture.start(command).get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(LaunchRefused.class);
            return (LaunchRefused) e.getCause();
        }
        throw new AssertionError("not refused");
    }
}
