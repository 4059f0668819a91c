package io.jenkins.plugins.sshexec.core.exec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputBufferTest {

    private static final byte[] LARGE = new byte[32 * 1024];

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> writers = new ArrayDeque<>();
    private final AtomicInteger refusals = new AtomicInteger();

    @Test
    void sinkGetsTheStreamsInTheirOrderAndSmallWritesTogether() throws IOException {
        Recorder sink = new Recorder();
        OutputBuffer buffer = buffer(sink);
        write(buffer, "a", "b");
        buffer.stderr(bytes("c"), 0, 1);
        write(buffer, "d");
        CompletableFuture<Void> drained = buffer.complete();
        assertThat(drained).isNotDone();
        runWriters();
        assertThat(drained).isCompleted();
        assertThat(sink.calls).containsExactly("out ab", "err c", "out d");
    }

    @Test
    void callersArrayMayChangeAfterTheCall() throws IOException {
        Recorder sink = new Recorder();
        OutputBuffer buffer = buffer(sink);
        byte[] reused = bytes("old");
        buffer.stdout(reused, 0, 3);
        System.arraycopy(bytes("new"), 0, reused, 0, 3);
        runWriters();
        assertThat(sink.calls).containsExactly("out old");
    }

    @Test
    void withoutOutputItIsCompleteAtOnce() {
        assertThat(buffer(new Recorder()).complete()).isCompleted();
        assertThat(writers).isEmpty();
    }

    @Test
    void oneWriterAtATime() throws IOException {
        OutputBuffer buffer = buffer(new Recorder());
        write(buffer, "a", "b", "c");
        assertThat(writers).hasSize(1);
        runWriters();
        write(buffer, "d");
        assertThat(writers).hasSize(1);
    }

    @Test
    void congestionIsToldLongBeforeTheReaderIsHeldAndTakenBackWhenItIsOver() throws IOException {
        OutputBuffer buffer = buffer(new Recorder());
        for (int bytes = 0; bytes <= OutputBuffer.SLOW_BYTES; bytes += LARGE.length) {
            assertThat(events).isEmpty();
            buffer.stdout(LARGE, 0, LARGE.length);
        }
        assertThat(events).containsExactly("congestion");
        runWriters();
        assertThat(events).containsExactly("congestion", "no congestion");
    }

    @Test
    void readerIsHeldWhileTheBufferIsFullAndNothingIsLost() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CountDownLatch stalled = new CountDownLatch(1);
            Recorder sink = new Recorder() {
                @Override
                public void stdout(byte[] bytes, int offset, int length) throws IOException {
                    awaitUninterrupted(stalled);
                    super.stdout(bytes, offset, length);
                }
            };
            OutputBuffer buffer =
                    new OutputBuffer(sink, threads, congestion(), NanoClock.SYSTEM, refusals::incrementAndGet);
            int total = OutputBuffer.FULL_BYTES + 3 * LARGE.length;
            Thread reader = new Thread(() -> fill(buffer, total));
            reader.start();
            await().until(() -> reader.getState() == Thread.State.WAITING);
            stalled.countDown();
            reader.join();
            buffer.complete().get(30, TimeUnit.SECONDS);
            assertThat(sink.bytes).isEqualTo(total);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Or the command would be ended for its silence, while the log is what is silent. */
    @Test
    void outputThatWaitsForRoomIsNoSilence() throws Exception {
        ManualClock clock = new ManualClock();
        OutputBuffer buffer =
                new OutputBuffer(new Recorder(), writers::add, congestion(), clock, refusals::incrementAndGet);
        Thread reader = new Thread(() -> fill(buffer, OutputBuffer.FULL_BYTES + LARGE.length));
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);
        clock.advance(Duration.ofHours(1));
        assertThat(buffer.lastNanos()).isEqualTo(clock.nanoTime());
        clock.advance(Duration.ofHours(1));
        runWriters();
        reader.join();
        assertThat(buffer.lastNanos()).isEqualTo(clock.nanoTime());
        clock.advance(Duration.ofHours(1));
        assertThat(buffer.lastNanos()).isLessThan(clock.nanoTime());
    }

    @Test
    void readerIsHeldNoMoreOnceTheCommandIsBeingEnded() throws Exception {
        Recorder sink = new Recorder();
        OutputBuffer buffer = buffer(sink);
        Thread reader = new Thread(() -> fill(buffer, 3 * OutputBuffer.FULL_BYTES));
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);
        buffer.holdNoMore();
        reader.join();
        runWriters();
        assertThat(buffer.complete()).isCompleted();
        assertThat(sink.bytes).isEqualTo(OutputBuffer.FULL_BYTES);
    }

    @Test
    void readerGoesOnWhenTheOutputIsDiscarded() throws Exception {
        Recorder sink = new Recorder();
        OutputBuffer buffer = buffer(sink);
        Thread reader = new Thread(() -> fill(buffer, 2 * OutputBuffer.FULL_BYTES));
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);
        buffer.discard();
        reader.join();
        runWriters();
        assertThat(buffer.complete()).isCompleted();
        assertThat(sink.bytes).isZero();
        assertThat(buffer.refusal()).isEmpty();
    }

    @Test
    void refusalIsToldOnceAndKeptAndTheReaderGoesOn() throws IOException {
        IOException full = new IOException("full");
        OutputBuffer buffer = buffer(new Recorder() {
            @Override
            public void stdout(byte[] bytes, int offset, int length) throws IOException {
                throw full;
            }
        });
        write(buffer, "a");
        buffer.stderr(bytes("b"), 0, 1);
        runWriters();
        assertThat(refusals).hasValue(1);
        assertThat(buffer.refusal()).contains(full);
        write(buffer, "c");
        assertThat(writers).isEmpty();
        assertThat(buffer.complete()).isCompleted();
    }

    @Test
    void defectOfTheSinkIsARefusal() throws IOException {
        OutputBuffer buffer = buffer(new Recorder() {
            @Override
            public void stdout(byte[] bytes, int offset, int length) {
                throw new StackOverflowError();
            }
        });
        write(buffer, "a");
        runWriters();
        assertThat(buffer.refusal()).get().extracting(Throwable::getCause).isInstanceOf(StackOverflowError.class);
        assertThat(buffer.complete()).isCompleted();
    }

    @Test
    void bytesArriveUnchangedWhateverThePaceOfBothSides() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Random random = new Random(7);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            OutputBuffer buffer = new OutputBuffer(
                    new Recorder() {
                        @Override
                        public void stdout(byte[] bytes, int offset, int length) {
                            got.write(bytes, offset, length);
                        }

                        @Override
                        public void stderr(byte[] bytes, int offset, int length) {
                            got.write(bytes, offset, length);
                        }
                    },
                    threads,
                    congestion(),
                    NanoClock.SYSTEM,
                    () -> {});
            for (int i = 0; i < 3_000; i++) {
                byte[] chunk = new byte[1 + random.nextInt(20_000)];
                random.nextBytes(chunk);
                sent.writeBytes(chunk);
                if (random.nextBoolean()) {
                    buffer.stdout(chunk, 0, chunk.length);
                } else {
                    buffer.stderr(chunk, 0, chunk.length);
                }
            }
            buffer.complete().get(30, TimeUnit.SECONDS);
            assertThat(got.toByteArray()).isEqualTo(sent.toByteArray());
        } finally {
            threads.shutdownNow();
        }
    }

    private OutputBuffer buffer(OutputSink sink) {
        return new OutputBuffer(sink, writers::add, congestion(), NanoClock.SYSTEM, refusals::incrementAndGet);
    }

    private OutputBuffer.Congestion congestion() {
        return new OutputBuffer.Congestion() {
            @Override
            public void began() {
                events.add("congestion");
            }

            @Override
            public void ended() {
                events.add("no congestion");
            }
        };
    }

    private void runWriters() {
        while (!writers.isEmpty()) {
            writers.remove().run();
        }
    }

    private static void fill(OutputBuffer buffer, int total) {
        try {
            for (int written = 0; written < total; written += LARGE.length) {
                buffer.stdout(LARGE, 0, LARGE.length);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(OutputBuffer buffer, String... texts) throws IOException {
        for (String text : texts) {
            buffer.stdout(bytes(text), 0, text.length());
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    private static class Recorder implements OutputSink {
        final List<String> calls = new ArrayList<>();
        int bytes;

        @Override
        public void stdout(byte[] buffer, int offset, int length) throws IOException {
            calls.add("out " + new String(buffer, offset, length, US_ASCII));
            bytes += length;
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            calls.add("err " + new String(buffer, offset, length, US_ASCII));
            bytes += length;
        }
    }
}
