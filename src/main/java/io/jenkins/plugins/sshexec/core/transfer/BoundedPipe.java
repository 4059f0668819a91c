package io.jenkins.plugins.sshexec.core.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Bytes from one thread to another. Unlike that of the JDK it does not mind which threads these are, since remoting has no
 * fixed ones, and can be broken off by a third. Writing blocks while it is full, reading while it is empty.
 */
final class BoundedPipe {

    /** Where files come in blocks, the next one is asked for while one is being taken. */
    private static final int MAX_BYTES = Workspace.BLOCK_BYTES;

    private final Object lock = new Object();
    private final Deque<byte[]> chunks = new ArrayDeque<>();

    /** In the first chunk, what has been read. Guarded by {@link #lock}. */
    private int offset;

    /** Guarded by {@link #lock}. */
    private int buffered;

    /** Whether nothing more comes. Guarded by {@link #lock}. */
    private boolean ended;

    /** Why both sides fail. Guarded by {@link #lock}. */
    private Throwable broken;

    InputStream input() {
        return new Input();
    }

    OutputStream output() {
        return new Output();
    }

    /** From now on both sides fail; the first reason counts. */
    void breakOff(Throwable why) {
        synchronized (lock) {
            if (broken == null) {
                broken = why;
                chunks.clear();
                lock.notifyAll();
            }
        }
    }

    /** What is done on one side. */
    @FunctionalInterface
    interface Side {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Runs one side on another thread. Where that fails, of whatever (an agent's error comes as an {@code Error}), the other
     * side fails too: else it would wait for ever.
     *
     * @return how the side ended
     */
    CompletableFuture<Void> run(Side side, Executor executor) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread otherSide = Thread.currentThread();
        executor.execute(() -> {
            try {
                if (Thread.currentThread() == otherSide) {
                    throw new IOException("there is no thread left, because Jenkins stops");
                }
                side.run();
                ended.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                breakOff(e);
                ended.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                breakOff(e);
                ended.completeExceptionally(e);
            }
        });
        return ended;
    }

    private void throwIfBroken() throws IOException {
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException();
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (length == 0) {
                return;
            }
            byte[] chunk = new byte[length];
            System.arraycopy(bytes, from, chunk, 0, length);
            synchronized (lock) {
                try {
                    while (broken == null && buffered >= MAX_BYTES) {
                        lock.wait();
                    }
                } catch (InterruptedException e) {
                    throw interrupted();
                }
                throwIfBroken();
                chunks.add(chunk);
                buffered += length;
                lock.notifyAll();
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                ended = true;
                lock.notifyAll();
            }
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            synchronized (lock) {
                try {
                    while (broken == null && chunks.isEmpty() && !ended) {
                        lock.wait();
                    }
                } catch (InterruptedException e) {
                    throw interrupted();
                }
                throwIfBroken();
                byte[] first = chunks.peek();
                if (first == null) {
                    return -1;
                }
                int count = Math.min(length, first.length - offset);
                System.arraycopy(first, offset, bytes, from, count);
                offset += count;
                buffered -= count;
                if (offset == first.length) {
                    chunks.remove();
                    offset = 0;
                }
                lock.notifyAll();
                return count;
            }
        }
    }
}
