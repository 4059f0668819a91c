package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends a command's {@link CommandInput}. Holds a thread only while a piece is being read and written: writing blocks while the
 * command takes no more, until its channel is over.
 */
final class InputFeed {

    private static final Logger LOGGER = Logger.getLogger(InputFeed.class.getName());

    private static final int BLOCK_BYTES = 32 * 1024;

    private final RemoteProcess process;
    private final CommandInput input;
    private final Executor threads;
    private final Consumer<IOException> onUnreadable;

    /** What is being read. Guarded by this. */
    private InputStream open;

    /** Nobody takes any more. Guarded by this. */
    private boolean over;

    /**
     * @param threads may be held up
     * @param onUnreadable told where the input cannot be read to its end. The input does not end then, because that would
     *     look to the command like the whole of it.
     */
    InputFeed(RemoteProcess process, CommandInput input, Executor threads, Consumer<IOException> onUnreadable) {
        this.process = process;
        this.input = input;
        this.threads = threads;
        this.onUnreadable = onUnreadable;
    }

    void begin() {
        process.exit().whenComplete((exit, failure) -> threads.execute(this::stop));
        send(0);
    }

    private void send(int index) {
        if (index == input.pieces().size()) {
            end();
            return;
        }
        input.pieces()
                .get(index)
                .whenComplete((source, failure) -> threads.execute(() -> {
                    if (failure != null) {
                        end();
                    } else if (isSent(source)) {
                        send(index + 1);
                    }
                }));
    }

    /** Whether it was, and the next piece may follow. */
    private boolean isSent(InputSource source) {
        try (InputStream in = opened(source)) {
            byte[] block = new byte[BLOCK_BYTES];
            // JSch drops without a word what is written to a channel that is over.
            for (int length = read(in, block); length >= 0 && !isOver(); length = read(in, block)) {
                process.stdin().write(block, 0, length);
                if (in.available() <= 0) {
                    process.stdin().flush();
                }
            }
            return true;
        } catch (Unreadable e) {
            if (!isOver()) {
                onUnreadable.accept(e.failure);
            }
        } catch (IOException e) {
            // The channel is over, or is about to be; how the command ended, exit() tells.
            LOGGER.log(Level.FINE, process + ": input not sent", e);
        }
        return false;
    }

    private InputStream opened(InputSource source) throws Unreadable {
        try {
            InputStream in = source.open();
            synchronized (this) {
                open = in;
            }
            return in;
        } catch (IOException | RuntimeException e) {
            throw new Unreadable(e);
        }
    }

    private static int read(InputStream in, byte[] block) throws Unreadable {
        try {
            return in.read(block);
        } catch (IOException | RuntimeException e) {
            throw new Unreadable(e);
        }
    }

    private void end() {
        try {
            process.stdin().close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, process + ": end of input not sent", e);
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    /** The command has ended: whoever still reads for it need not. */
    private void stop() {
        InputStream reading;
        synchronized (this) {
            over = true;
            reading = open;
        }
        if (reading != null) {
            try {
                reading.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, process + ": input not closed", e);
            }
        }
    }

    /** That a source failed, as against the channel. */
    private static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException failure;

        Unreadable(Exception cause) {
            super(cause);
            failure = cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
        }
    }
}
