package io.jenkins.plugins.sshexec.core.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.InputUnreadable;
import io.jenkins.plugins.sshexec.core.error.LaunchRefused;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Directory, variables, terminal and input, on a real server. */
class LaunchedExecTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Exited OK = new Exited(0);

    private LaunchFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new LaunchFixture(OpenSshServer.start());
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void commandRunsInItsDirectory() throws Exception {
        Path directory = Files.createDirectory(fixture.server.directory().resolve("it's $HOME \"here\"\n"));
        assertThat(fixture.in(directory.toString()).exit("pwd; exit 3")).isEqualTo(new Exited(3));
        assertThat(fixture.out()).isEqualTo(directory + "\n");
        assertThat(fixture.err()).isEmpty();
    }

    @Test
    void directoryThatCannotBeEnteredIsToldAndNothingIsRun() throws Exception {
        Path ran = fixture.server.directory().resolve("ran");
        CompletableFuture<ExecResult> result =
                fixture.in(fixture.server.directory() + "/none").start("touch " + ran);
        assertThat(refusal(result)).isEqualTo(LaunchRefused.Cause.DIRECTORY);
        assertThat(ran).doesNotExist();
        assertThat(fixture.out() + fixture.err()).isEmpty();
    }

    @Test
    void variablesHaveAnyBytes() throws Exception {
        byte[] all = new byte[255];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i + 1);
        }
        fixture.variable("ALL", all).variable("EMPTY", "").variable("LINES", "one\ntwo\n");
        assertThat(fixture.exit("printf %s \"$ALL\"; printf %s \"$LINES\"; echo \"${EMPTY-unset}\""))
                .isEqualTo(OK);
        byte[] out = fixture.outBytes();
        assertThat(Arrays.copyOf(out, all.length)).isEqualTo(all);
        assertThat(new String(out, all.length, out.length - all.length, UTF_8)).isEqualTo("one\ntwo\n\n");
    }

    @Test
    void valuesOfVariablesAreInNoProcessList() throws Exception {
        fixture.variable("TOKEN", "s3cret-value").in("/");
        Path go = fixture.server.directory().resolve("go");
        String read = "until [ -e " + go + " ]; do sleep 0.05; done; echo \"$TOKEN\"";
        CompletableFuture<ExecResult> result = fixture.start("echo begun; " + read);
        await().atMost(PATIENCE).until(() -> fixture.out().contains("begun"));
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .anyMatch(line -> line.contains(go.toString()))
                .noneMatch(line -> line.contains("s3cret-value"));
        Files.createFile(go);
        assertThat(result.get(60, TimeUnit.SECONDS).exit()).isEqualTo(OK);
        assertThat(fixture.out()).endsWith("s3cret-value\n");
    }

    @Test
    void loginShellRunsTheCommandAndReadsItsStartUpFilesOnce() throws Exception {
        fixture.variable("LIKE", "any");
        assertThat(fixture.exit("echo \"$0 $SHLVL\"; [ \"$0\" = \"$SHELL\" ]")).isEqualTo(OK);
    }

    @Test
    void inputComesAfterWhatTheLauncherReads() throws Exception {
        String text = "line\n".repeat(200_000) + "last";
        fixture.variable("A", "b").input(text);
        assertThat(fixture.exit("echo \"$A\"; cat")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("b\n" + text);
    }

    @Test
    void inputAloneNeedsNoLauncher() throws Exception {
        assertThat(fixture.input("text").exit("cat; ps -o args= -p $PPID")).isEqualTo(OK);
        assertThat(fixture.out()).startsWith("text").doesNotContain("jse");
    }

    @Test
    void commandWithoutInputReadsNone() throws Exception {
        assertThat(fixture.variable("A", "b").exit("cat; echo end")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("end\n");
    }

    @Test
    void inputThatIsNotTakenHoldsUpNothing() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        AtomicLong read = new AtomicLong();
        assertThat(fixture.input(() -> endless(read, closed)).exit("head -c 3")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("xxx");
        assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(read.get()).isPositive();
    }

    @Test
    void inputIsClosedWhereTheCommandIsCancelled() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<ExecResult> result =
                fixture.input(() -> endless(new AtomicLong(), closed)).start("echo begun; exec sleep 1000");
        await().atMost(PATIENCE).until(() -> fixture.out().contains("begun"));
        fixture.cancellation.cancel();
        assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(CancellationException.class);
        assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void inputThatCannotBeReadToItsEndEndsTheCommandRatherThanLookingWhole() throws Exception {
        Path done = fixture.server.directory().resolve("done");
        CompletableFuture<ExecResult> result = fixture.input(Broken::new).start("trap '' PIPE; cat && touch " + done);
        assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InputUnreadable.class)
                .hasMessageContaining("the agent is gone");
        assertThat(done).doesNotExist();
    }

    @Test
    void terminalHasTheSizeThatWasAskedFor() throws Exception {
        assertThat(fixture.terminal().exit("stty size; tty > /dev/null && echo \"$TERM\""))
                .isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("37 101\r\nxterm\r\n");
    }

    @Test
    void readerAtATerminalWithoutInputComesToAnEnd() throws Exception {
        assertThat(fixture.terminal().exit("cat; echo end")).isEqualTo(OK);
        assertThat(fixture.out()).isEqualTo("end\r\n");
    }

    @Test
    void whatTheLauncherReadsIsNotEchoedByATerminal() throws Exception {
        String value = "a\u0003b\u0004c\r\u0011\u0013d\u001a\u007f" + "e".repeat(10_000);
        fixture.terminal().variable("LONG", value).in("/").input("typed\n");
        assertThat(fixture.exit(
                        "printf %s \"$LONG\" | od -v -An -tx1 | tr -d ' \\n'; echo; pwd; read line; echo \"<$line>\""))
                .isEqualTo(OK);
        String hex = HexFormat.of().formatHex(value.getBytes(UTF_8));
        assertThat(fixture.out().replace("\r", ""))
                .isIn(hex + "\n/\ntyped\n<typed>\n", "typed\n" + hex + "\n/\n<typed>\n");
        assertThat(fixture.err()).isEmpty();
    }

    @Test
    void terminalIsAsTheServerMadeItOnceTheCommandRuns() throws Exception {
        fixture.terminal().exit("stty -g");
        String plain = fixture.out();
        try (LaunchFixture launched = new LaunchFixture(OpenSshServer.start())) {
            launched.terminal().variable("A", "b").exit("stty -g");
            assertThat(launched.out()).isEqualTo(plain);
        }
    }

    @Test
    void forcedCommandInPlaceOfTheLauncherIsToldFromTheCommand() throws Exception {
        fixture.close();
        fixture = new LaunchFixture(OpenSshServer.start("ForceCommand echo 'only this'"));
        CompletableFuture<ExecResult> result = fixture.variable("A", "b").start("true");
        assertThat(refusal(result)).isEqualTo(LaunchRefused.Cause.SHELL);
        assertThat(fixture.out()).isEqualTo("only this\n");
    }

    @Test
    void launchedCommandIsEndedLikeAnyOther() throws Exception {
        CompletableFuture<ExecResult> result =
                fixture.in("/").variable("A", "b").start("echo $$; sleep 1000; true");
        await().atMost(PATIENCE).until(() -> fixture.out().endsWith("\n"));
        long pid = Long.parseLong(fixture.out().strip());
        fixture.cancellation.cancel();
        assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(CancellationException.class);
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(fixture.observer.events()).noneMatch(event -> event.contains("still"));
    }

    @Test
    void scriptIsRemovedWhenItHasEnded() throws Exception {
        assertThat(fixture.exit(script("echo \"$0\"; exit 4"))).isEqualTo(new Exited(4));
        Path file = Path.of(fixture.out().strip());
        assertThat(file.getFileName()).hasToString("deploy.sh");
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void scriptIsRemovedWhenItIsEndedThoughItWantsToGoOn() throws Exception {
        CompletableFuture<ExecResult> result =
                fixture.start(script("trap '' TERM; ls -ld \"${0%/*}\"; echo \"$0\"; while :; do sleep 1; done"));
        await().atMost(PATIENCE).until(() -> fixture.out().endsWith("deploy.sh\n"));
        String[] lines = fixture.out().split("\n");
        assertThat(lines[0]).startsWith("drwx------");
        assertThat(Path.of(lines[1])).exists();
        fixture.cancellation.cancel();
        assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(CancellationException.class);
        assertThat(Path.of(lines[1]).getParent()).doesNotExist();
        assertThat(fixture.observer.events()).noneMatch(event -> event.contains("still"));
    }

    @Test
    void scriptThatCannotBeWrittenIsToldAndNothingIsRun() throws Exception {
        CompletableFuture<ExecResult> result =
                fixture.variable("TMPDIR", "/none").start(script("touch " + fixture.server.directory() + "/ran"));
        assertThat(refusal(result)).isEqualTo(LaunchRefused.Cause.SCRIPT);
        assertThat(fixture.server.directory().resolve("ran")).doesNotExist();
    }

    private static Script script(String text) {
        return new Script(text.getBytes(UTF_8), "deploy.sh", List.of("/bin/sh"), List.of());
    }

    private static LaunchRefused.Cause refusal(CompletableFuture<ExecResult> result) {
        try {
            result.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            if (e.getCause() instanceof LaunchRefused refused) {
                return refused.refusedBy();
            }
            throw new AssertionError(e);
        }
        throw new AssertionError("not refused");
    }

    private static InputStream endless(AtomicLong read, CountDownLatch closed) {
        return new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return 'x';
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }

    /** Has some bytes, and then no more for a reason that is not its end. */
    private static final class Broken extends InputStream {
        private int left = 100;

        @Override
        public int read() throws IOException {
            if (left-- > 0) {
                return 'x';
            }
            throw new IOException("the agent is gone");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            bytes[offset] = (byte) read();
            return 1;
        }
    }
}
