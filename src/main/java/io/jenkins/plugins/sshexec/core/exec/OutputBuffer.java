package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Takes a command's output off its session's reader thread, so that a slow build log holds up neither that thread nor the
 * other commands of the session. Another thread writes it on, in order, one call at a time.
 *
 * <p>The room is bounded. JSch gives the server leave to send more as soon as the reader thread has passed output on, so
 * once {@link #FULL_BYTES} wait there is nothing left but to hold that thread. Long before, at {@link #SLOW_BYTES}, the
 * session is kept from taking further commands, which might then have to wait with it.
 *
 * <p>Thread-safe; the sink is called with no lock held.
 */
final class OutputBuffer implements OutputSink {

    static final int SLOW_BYTES = 256 * 1024;
    static final int FULL_BYTES = 8 * 1024 * 1024;

    /** Small writes are put together up to this size, as large as the packets of most servers. */
    private static final int BLOCK_BYTES = 32 * 1024;

    /** A write of so much is of a command with much output, which fills a block soon. */
    private static final int LARGE_BYTES = BLOCK_BYTES / 4;

    /** As many as are in use where the log keeps up. */
    private static final int MAX_SPARE = SLOW_BYTES / BLOCK_BYTES;

    /**
     * Of much output, so much is written at once. It comes in packets of 16 KiB: a thread that is woken for each of them costs a
     * fifth of the time where there are two cores.
     */
    private static final int BATCH_BYTES = 128 * 1024;

    /** For how long a batch is waited for. */
    private static final Duration BATCH_LIMIT = Duration.ofMillis(2);

    /** Told that output piles up, and that it does so no more. Must not block. */
    interface Congestion {
        void began();

        void ended();
    }

    /** Output of one stream, in the order in which it came. */
    private static final class Block {
        private boolean stderr;
        private byte[] bytes;
        private int count;

        Block(int capacity) {
            bytes = new byte[capacity];
        }

        /** An empty block for that stream. */
        Block begin(boolean ofStderr) {
            stderr = ofStderr;
            count = 0;
            return this;
        }

        boolean isLarge() {
            return bytes.length == BLOCK_BYTES;
        }

        /** Whether these bytes can be put behind those that are here. */
        boolean takes(boolean moreStderr, int more) {
            return stderr == moreStderr && count + more <= BLOCK_BYTES;
        }

        void add(byte[] buffer, int offset, int length) {
            if (count + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(BLOCK_BYTES, 2 * (count + length)));
            }
            System.arraycopy(buffer, offset, bytes, count, length);
            count += length;
        }

        void writeTo(OutputSink sink) throws IOException {
            if (stderr) {
                sink.stderr(bytes, 0, count);
            } else {
                sink.stdout(bytes, 0, count);
            }
        }
    }

    private final OutputSink sink;
    private final Executor writers;
    private final Congestion congestion;
    private final NanoClock clock;
    private final Runnable onRefusal;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    private final Object lock = new Object();

    /** Guarded by {@link #lock}. */
    private final Deque<Block> blocks = new ArrayDeque<>();

    /** Large blocks to use again: much output then stays in the processor's caches. Guarded by {@link #lock}. */
    private final Deque<Block> spare = new ArrayDeque<>();

    /** In {@link #blocks}. Guarded by {@link #lock}. */
    private int bytes;

    /** Whether a thread writes, or is about to. Guarded by {@link #lock}. */
    private boolean writing;

    /** Whether that thread waits for more to come. Guarded by {@link #lock}. */
    private boolean batching;

    /** Whether {@link Congestion#began} was told last. Guarded by {@link #lock}. */
    private boolean congested;

    /** No more output comes. Guarded by {@link #lock}. */
    private boolean complete;

    /** Output is dropped from now on: the sink refused some, or nobody wants it. Guarded by {@link #lock}. */
    private boolean discarding;

    /** What finds no room is dropped from now on, rather than waited for. Guarded by {@link #lock}. */
    private boolean overflowing;

    /** What the sink threw. Guarded by {@link #lock}. */
    private IOException refusal;

    /** When output came last; the clock's time of the creation before the first. */
    private volatile long lastNanos;

    /** Whether the reader thread is held, and with it output that has come. */
    private volatile boolean holding;

    /** @param onRefusal called once where the sink takes no more output; must not block */
    OutputBuffer(OutputSink sink, Executor writers, Congestion congestion, NanoClock clock, Runnable onRefusal) {
        this.sink = sink;
        this.writers = writers;
        this.congestion = congestion;
        this.clock = clock;
        this.onRefusal = onRefusal;
        this.lastNanos = clock.nanoTime();
    }

    @Override
    public void stdout(byte[] buffer, int offset, int length) throws IOException {
        take(false, buffer, offset, length);
    }

    @Override
    public void stderr(byte[] buffer, int offset, int length) throws IOException {
        take(true, buffer, offset, length);
    }

    private void take(boolean stderr, byte[] buffer, int offset, int length) throws IOException {
        lastNanos = clock.nanoTime();
        boolean begin;
        boolean slow;
        synchronized (lock) {
            awaitRoom();
            if (discarding || bytes >= FULL_BYTES) {
                return;
            }
            add(stderr, buffer, offset, length);
            if (batching && bytes >= BATCH_BYTES) {
                lock.notifyAll();
            }
            begin = !writing;
            writing = true;
            slow = bytes > SLOW_BYTES && !congested;
            if (slow) {
                congested = true;
            }
        }
        if (slow) {
            congestion.began();
        }
        if (begin) {
            writers.execute(this::write);
        }
    }

    private void awaitRoom() throws IOException {
        try {
            while (bytes >= FULL_BYTES && !discarding && !overflowing) {
                holding = true;
                lock.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while output waited to be written", e);
        } finally {
            if (holding) {
                lastNanos = clock.nanoTime();
                holding = false;
            }
        }
    }

    /** With the lock held. */
    private void add(boolean stderr, byte[] buffer, int offset, int length) {
        Block last = blocks.peekLast();
        if (last == null || !last.takes(stderr, length)) {
            last = block(length).begin(stderr);
            blocks.add(last);
        }
        last.add(buffer, offset, length);
        bytes += length;
    }

    /** A block for so much and perhaps more. With the lock held. */
    private Block block(int length) {
        boolean large = length >= LARGE_BYTES && length <= BLOCK_BYTES;
        Block used = large ? spare.poll() : null;
        return used == null ? new Block(large ? BLOCK_BYTES : length) : used;
    }

    /** Writes until nothing is left. Runs on one of the writers. */
    private void write() {
        Block next = next(null);
        while (next != null) {
            try {
                next.writeTo(sink);
            } catch (IOException e) {
                refuse(e);
            } catch (RuntimeException | Error e) {
                refuse(new IOException(e.toString(), e)); // The log's code: what it is does not matter to the command.
            }
            next = next(next);
        }
    }

    /**
     * The block to write now; null where there is none, and then this thread is no longer the one that writes.
     *
     * @param written the one before; null for the first
     */
    private Block next(Block written) {
        Block next;
        boolean fast;
        boolean last;
        synchronized (lock) {
            if (written != null && written.isLarge()) {
                if (spare.size() < MAX_SPARE) {
                    spare.push(written);
                }
                awaitBatch();
            }
            next = blocks.poll();
            bytes -= next == null ? 0 : next.count;
            writing = next != null;
            fast = congested && bytes <= SLOW_BYTES / 2;
            if (fast) {
                congested = false;
            }
            last = !writing && complete;
            lock.notifyAll();
        }
        if (fast) {
            congestion.ended();
        }
        if (last) {
            drained.complete(null);
        }
        return next;
    }

    /** With the lock held. */
    private void awaitBatch() {
        long end = System.nanoTime() + BATCH_LIMIT.toNanos();
        batching = true;
        try {
            for (long left = BATCH_LIMIT.toNanos();
                    left > 0 && bytes < BATCH_BYTES && !complete && !discarding;
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then what is there is written
        } finally {
            batching = false;
        }
    }

    private void refuse(IOException failure) {
        synchronized (lock) {
            if (refusal != null) {
                return;
            }
            refusal = failure;
        }
        discard();
        onRefusal.run();
    }

    /**
     * From now on the reader thread is held no more; what finds no room is dropped. For a command that is being ended: the
     * answers to what ends it come over the same session.
     */
    void holdNoMore() {
        synchronized (lock) {
            overflowing = true;
            lock.notifyAll();
        }
    }

    /** Drops what waits and what still comes; the reader thread goes on. */
    void discard() {
        synchronized (lock) {
            discarding = true;
            blocks.clear();
            bytes = 0;
            lock.notifyAll();
        }
    }

    /**
     * No more output comes.
     *
     * @return completes when the sink has got all of it, on the thread that wrote the last; at once where that is done. A
     *     sink that is just being called is waited for in any case.
     */
    CompletableFuture<Void> complete() {
        boolean idle;
        synchronized (lock) {
            complete = true;
            idle = !writing;
            lock.notifyAll();
        }
        if (idle) {
            drained.complete(null);
        }
        return drained;
    }

    /** When output came last, on the clock of the command; now, while some waits for room. */
    long lastNanos() {
        return holding ? clock.nanoTime() : lastNanos;
    }

    /** Why output is missing, if the sink refused some. */
    Optional<IOException> refusal() {
        synchronized (lock) {
            return Optional.ofNullable(refusal);
        }
    }
}
