package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import io.jenkins.plugins.sshexec.testing.TextSink;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a real server's commands write is what the log gets: nothing lost, nothing invented, whatever its amount, its pace and
 * its bytes. {@code -Dssh-exec.output.scale=N} makes the amounts N times as large; 64 is what docs/CONTRIBUTING.md promises.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class OutputTest {

    private static final int SCALE = Integer.getInteger("ssh-exec.output.scale", 1);
    private static final long MEBIBYTE = 1024 * 1024;

    /** A log that stalls holds up nothing else for longer than this. */
    private static final int SOON_SECONDS = 20;

    private static final Duration STALL = Duration.ofSeconds(10);

    private static OpenSshServer server;

    private final RealExec exec = RealExec.with(2, 2);
    private final RecordingObserver observer = new RecordingObserver();

    @BeforeAll
    static void startServer() throws IOException {
        server = OpenSshServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void close() {
        exec.close();
    }

    /** At scale 64: 2 GiB. */
    @Test
    void checksumOfMuchOutput() throws Exception {
        long bytes = 32 * MEBIBYTE * SCALE;
        MessageDigest expected = sha256();
        try (OutputStream out = new BufferedOutputStream(
                new Limited(bytes, new DigestOutputStream(OutputStream.nullOutputStream(), expected)))) {
            for (long number = 1; number * 6 < bytes + 6_000_000; number++) { // most have more than six bytes
                out.write((number + "\n").getBytes(UTF_8));
            }
        }
        Log log = new Log();
        assertThat(run("seq 1 100000000000 | head -c " + bytes, log)).isEqualTo(new Exited(0));
        assertThat(log.bytes).isBetween(bytes, bytes + 1); // and the end of the last line
        assertThat(log.digestOf(bytes)).isEqualTo(HexFormat.of().formatHex(expected.digest()));
    }

    /** At scale 64: 10 million. */
    @Test
    void manyShortLines() throws Exception {
        int lines = 160_000 * SCALE;
        Log log = new Log();
        assertThat(run("yes x | head -n " + lines, log)).isEqualTo(new Exited(0));
        assertThat(log.bytes).isEqualTo(2L * lines);
    }

    /** At scale 64: 256 MiB. */
    @Test
    void oneVeryLongLineIsPassedOnInParts() throws Exception {
        long bytes = 4 * MEBIBYTE * SCALE;
        Log log = new Log();
        assertThat(run("head -c " + bytes + " /dev/zero | tr '\\0' x", log)).isEqualTo(new Exited(0));
        assertThat(log.bytes).isEqualTo(bytes + 1);
        assertThat(log.largestWrite).isLessThan(256 * 1024);
    }

    @Test
    void colorsAndCarriageReturnsStay() throws Exception {
        TextLog log = new TextLog();
        run("printf '\\033[31mred\\033[0m\\n 50%%\\r100%%\\n\\a\\v\\f'", log);
        assertThat(log.text()).isEqualTo("\033[31mred\033[0m\n 50%\r100%\n\007\013\f\n");
    }

    @Test
    void everyByteStays() throws Exception {
        TextLog log = new TextLog();
        run("i=0; while [ $i -lt 256 ]; do printf \"\\\\$(printf %03o $i)\"; i=$((i + 1)); done", log);
        byte[] all = new byte[257];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        all[256] = '\n';
        assertThat(log.bytes()).isEqualTo(all);
    }

    /** As fast as a shell can, and at least 1,000 times a second. */
    @Test
    void bothStreamsInterleavedStayWholeAndInOrder() throws Exception {
        int lines = 10_000;
        TextLog log = new TextLog();
        Duration took =
                run("i=0; while [ $i -lt " + lines + " ]; do echo out $i; echo err $i >&2; i=$((i + 1)); done", log);
        for (String stream : List.of("out", "err")) {
            assertThat(log.text().lines().filter(line -> line.startsWith(stream)))
                    .containsExactlyElementsOf(IntStream.range(0, lines)
                            .mapToObj(i -> stream + " " + i)
                            .toList());
        }
        assertThat(log.text().lines()).hasSize(2 * lines);
        assertThat(took).isLessThan(Duration.ofSeconds(lines / 1_000));
    }

    @Test
    void outputAfterTheEndOfTheMainProcessIsWaitedFor() throws Exception {
        TextLog log = new TextLog();
        Path go = server.directory().resolve("go" + ThreadLocalRandom.current().nextInt());
        CompletableFuture<ExecResult> running =
                start("(until [ -e " + go + " ]; do sleep 0.05; done; echo late) & echo early; exit 3", log.sink());
        await().atMost(RealExec.LIMIT).until(() -> log.text().equals("early\n"));
        Files.createFile(go);
        assertThat(running.get(60, TimeUnit.SECONDS).exit()).isEqualTo(new Exited(3));
        assertThat(log.text()).isEqualTo("early\nlate\n");
    }

    /**
     * The neighbour is on the same session before the log stalls; who comes later gets another. What comes in meanwhile, more
     * than the channel's window (RFC 4254 section 5.2) and than the pipe on the host hold, is all taken off the host.
     */
    @Test
    void logThatStallsForTenSecondsHoldsUpNoOtherCommandOfItsSession() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        TextLog log = new TextLog(stalled);
        Path enough = server.directory()
                .resolve("enough" + ThreadLocalRandom.current().nextInt());
        Path written = server.directory()
                .resolve("written" + ThreadLocalRandom.current().nextInt());
        TextSink neighbours = new TextSink();
        CompletableFuture<ExecResult> neighbour =
                start("until [ -e " + enough + " ]; do echo on; sleep 0.05; done; seq 1 1000; echo done", neighbours);
        await().atMost(RealExec.LIMIT).until(() -> neighbours.text().startsWith("on\n"));
        CompletableFuture<ExecResult> stalling = start("seq 1 500000; touch " + written, log.sink());
        assertThat(log.called.await(30, TimeUnit.SECONDS)).isTrue();
        assertGoesOn(neighbours, STALL);
        await().atMost(RealExec.LIMIT).until(() -> Files.exists(written));
        Files.createFile(enough);
        assertThat(neighbour.get(SOON_SECONDS, TimeUnit.SECONDS).exit()).isEqualTo(new Exited(0));
        assertThat(neighbours.text()).endsWith("\n1000\ndone\n");
        TextSink later = new TextSink();
        assertThat(start("echo later", later)
                        .get(SOON_SECONDS, TimeUnit.SECONDS)
                        .exit())
                .isEqualTo(new Exited(0));
        assertThat(stalling).isNotDone();
        stalled.countDown();
        assertThat(stalling.get(60, TimeUnit.SECONDS).exit()).isEqualTo(new Exited(0));
        log.end();
        assertThat(log.text().lines()).hasSize(500_000).endsWith("500000");
    }

    /** There is always more to come within {@link #SOON_SECONDS}, for so long. */
    private static void assertGoesOn(TextSink sink, Duration time) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < time.toNanos()) {
            int before = sink.text().length();
            await().atMost(SOON_SECONDS, TimeUnit.SECONDS)
                    .until(() -> sink.text().length() > before);
        }
    }

    /** A real full disk; Linux has one that is always full. */
    @Test
    void fullDiskUnderTheLogEndsTheCommandAndIsSaid() throws Exception {
        String mark = "31" + ThreadLocalRandom.current().nextInt(1_000_000, 10_000_000);
        try (PrintStream full =
                new PrintStream(new BufferedOutputStream(Files.newOutputStream(Path.of("/dev/full"))))) {
            BuildLogSink sink = new BuildLogSink(full, UTF_8, UTF_8, Returned.NOTHING, SecretMasks.none());
            CompletableFuture<ExecResult> running = start("yes & echo more; exec sleep " + mark, sink);
            Throwable failure = catchThrowable(() -> running.get(60, TimeUnit.SECONDS));
            assertThat(failure).hasCauseInstanceOf(OutputRefused.class);
            assertThat(failure.getCause())
                    .cause()
                    .hasMessage("the build log cannot be written; see whether the disk that it is on is full");
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(mark)))
                .isEmpty();
    }

    /** Too much for {@code returnStdout}. */
    @Test
    void moreThanCanBeReturnedEndsTheCommandAndIsSaid() {
        BuildLogSink sink = new BuildLogSink(new TextLog().stream, UTF_8, UTF_8, Returned.STDOUT, SecretMasks.none());
        CompletableFuture<ExecResult> running = start("yes", sink);
        Throwable failure = catchThrowable(() -> running.get(60, TimeUnit.SECONDS));
        assertThat(failure).hasCauseInstanceOf(OutputRefused.class);
        assertThat(failure.getCause()).cause().message().startsWith("it is more than the 16 MiB");
    }

    private Exited run(String command, Log log) throws Exception {
        try (BuildLogSink sink =
                new BuildLogSink(new PrintStream(log), UTF_8, UTF_8, Returned.NOTHING, SecretMasks.none())) {
            return (Exited) start(command, sink).get(15, TimeUnit.MINUTES).exit();
        }
    }

    private Duration run(String command, TextLog log) throws Exception {
        ExecResult result = start(command, log.sink()).get(60, TimeUnit.SECONDS);
        assertThat(result.exit()).isEqualTo(new Exited(0));
        log.end();
        return result.duration();
    }

    private CompletableFuture<ExecResult> start(String command, OutputSink sink) {
        return exec.run(server, RemoteCommand.of(command), ExecLimits.NONE, sink, observer, new Cancellation());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has it", e);
        }
    }

    /** Counts and digests. */
    private static final class Log extends OutputStream {
        private final MessageDigest digest = sha256();
        private long bytes;
        private int largestWrite;
        private byte last;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            if (bytes > 0) {
                digest.update(last);
            }
            digest.update(buffer, offset, length - 1);
            last = buffer[offset + length - 1]; // which may be the line end that the log adds
            bytes += length;
            largestWrite = Math.max(largestWrite, length);
        }

        /** Of the first {@code length} bytes, which are all, or all but one. */
        String digestOf(long length) {
            if (bytes == length) {
                digest.update(last);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /** Passes on no more than so much. */
    private static final class Limited extends OutputStream {
        private final OutputStream out;
        private long left;

        Limited(long bytes, OutputStream out) {
            this.left = bytes;
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            int passing = (int) Math.min(left, length);
            out.write(buffer, offset, passing);
            left -= passing;
        }
    }

    /** Keeps what it gets; may stall at first. */
    private static final class TextLog {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final CountDownLatch called = new CountDownLatch(1);
        private final CountDownLatch stalled;
        private final PrintStream stream = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                called.countDown();
                try {
                    stalled.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                kept.write(buffer, offset, length);
            }
        });
        private final BuildLogSink sink = new BuildLogSink(stream, UTF_8, UTF_8, Returned.NOTHING, SecretMasks.none());

        TextLog() {
            this(new CountDownLatch(0));
        }

        TextLog(CountDownLatch stalled) {
            this.stalled = stalled;
        }

        BuildLogSink sink() {
            return sink;
        }

        void end() throws IOException {
            sink.close();
        }

        byte[] bytes() {
            return kept.toByteArray();
        }

        String text() {
            return kept.toString(UTF_8);
        }
    }
}
