package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A channel and, from the request on, the command that runs on it. Nothing polls: JSch closes the channel's stderr stream
 * when the server closes the channel, after the last output and the exit status, and also when the session ends or the channel
 * is closed here. That close is the {@link #end}.
 */
final class JschProcess implements RemoteProcess {

    /** What JSch says as long as no exit status has come. */
    static final int NO_STATUS = -1;

    /** For the server's answer to a request that left before the start was cancelled. */
    private static final Duration ANSWER_GRACE = Duration.ofSeconds(1);

    private static final Logger LOGGER = Logger.getLogger(JschProcess.class.getName());

    private final Endpoint endpoint;
    private final ChannelExec channel;
    private final BooleanSupplier sessionOver;
    private final Supplier<Optional<String>> whySessionLost;
    private final Consumer<JschProcess> onEnd;
    private final CompletableFuture<RemoteExit> exit = new CompletableFuture<>();

    /** For the fields below; held for moments, never while the sink or JSch is called. */
    private final Object lock = new Object();

    /** For the opening; null before it. */
    private volatile Duration openedWithin;

    /** Gets the output; null before there is a command. */
    private volatile OutputSink sink;

    /** Calls under way that the end is not told before: of the sink, and signals. Guarded by {@link #lock}. */
    private int underWay;

    /** Whether the channel is over; the sink gets nothing any more. Guarded by {@link #lock}. */
    private boolean ended;

    /** Whether all output has come: the server has said so, or has closed the channel. */
    private volatile boolean outputComplete;

    /** Whether this side closed the channel. Guarded by {@link #lock}. */
    private boolean closedHere;

    /** What the sink threw. Guarded by {@link #lock}. */
    private IOException refusal;

    /** The channel's, before the process is handed out. */
    private OutputStream stdin = OutputStream.nullOutputStream();

    /** The thread within {@link #open} or {@link #request}. Guarded by {@link #lock}. */
    private Thread calling;

    /** Whether {@link #request} has come to its end, or never will begin. Guarded by {@link #lock}. */
    private boolean startEnded;

    /** Whether that thread was, or is to be, interrupted from here. Guarded by {@link #lock}. */
    private boolean woken;

    /**
     * @param sessionOver whether a channel that ends now does so because nothing more comes from the server
     * @param whySessionLost says why the session ended; empty while it lives
     * @param onEnd told once, when the end is known
     */
    JschProcess(
            Endpoint endpoint,
            ChannelExec channel,
            BooleanSupplier sessionOver,
            Supplier<Optional<String>> whySessionLost,
            Consumer<JschProcess> onEnd) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.sessionOver = sessionOver;
        this.whySessionLost = whySessionLost;
        this.onEnd = onEnd;
        channel.setInputStream(null);
        channel.setOutputStream(new Output(OutputSink::stdout, false));
        channel.setErrStream(new Output(OutputSink::stderr, true));
    }

    /**
     * Opens the channel, and waits for the server's answer. JSch opens a channel and sends its requests in one call, which
     * {@link OpenOnly} ends between the two.
     *
     * @param timeout for that answer, and for each one to a request
     * @return how long the answer took
     */
    Duration open(Duration timeout) throws JSchException {
        long start = System.nanoTime();
        openedWithin = timeout;
        OpenOnly.set(channel);
        call(() -> {
            try {
                channel.connect((int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis())));
            } catch (OpenOnly.Opened e) {
                return;
            }
            throw new IllegalStateException("JSch has sent a request together with the opening of the channel");
        });
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /**
     * Sends what the command needs on the open channel, and waits for the server's answer to the last of it, the exec request.
     *
     * <p>JSch looks for the answer every 10 ms, which is longer than most commands on an open session take. So {@link
     * #wake} cuts that sleep short by an interrupt, which JSch takes for the end of the sleep. The other way to
     * avoid the sleep is not to ask for an answer; but then a command that the server could not start, for want of
     * processes say, would seem to run for ever.
     */
    void request(RemoteCommand command, OutputSink output) throws JSchException {
        sink = output;
        OpenOnly.unset(channel);
        channel.setCommand(command.line());
        command.terminal().ifPresent(terminal -> {
            channel.setPty(true);
            channel.setPtyType(terminal.type(), terminal.columns(), terminal.rows(), 0, 0);
        });
        command.environment()
                .forEach((name, value) ->
                        channel.setEnv(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
        if (!channel.isConnected()) {
            throw new JSchException("the channel was closed");
        }
        call(channel::start);
        endStart();
    }

    /** A call of JSch's. */
    @FunctionalInterface
    private interface Call {
        void run() throws JSchException;
    }

    private void call(Call call) throws JSchException {
        // JSch takes a pending interrupt for a timeout.
        boolean interrupted = Thread.interrupted();
        synchronized (lock) {
            calling = Thread.currentThread();
            if (woken) {
                calling.interrupt();
            }
        }
        try {
            call.run();
        } finally {
            synchronized (lock) {
                calling = null;
                if (woken) {
                    Thread.interrupted(); // the wake-up, if it came too late for the sleep
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void endStart() {
        synchronized (lock) {
            startEnded = true;
            lock.notifyAll();
        }
    }

    /**
     * Ends what {@link #open} or {@link #request} waits for, now or next. Once the request has left that is JSch's look for the
     * answer, which may have come. Before, JSch takes it for a timeout of the channel's opening, so it is to be called only
     * where that is of no use any more.
     */
    void wake() {
        synchronized (lock) {
            woken = true;
            if (calling != null) {
                calling.interrupt();
            }
        }
    }

    /**
     * The caller wants the start no more. Before the exec request has left that breaks {@link #open} off. Once it has left,
     * the command may run, and is better known as started: so the server gets a moment to answer, before the channel is closed,
     * which JSch takes for the answer. Blocks the calling thread for that moment at most, apart from the writing of one packet.
     */
    void cancelStart() {
        wake();
        long end = System.nanoTime() + ANSWER_GRACE.toNanos();
        synchronized (lock) {
            try {
                for (long left = end - System.nanoTime(); !startEnded && left > 0; left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // then there is no moment to wait
            }
            if (startEnded) {
                return;
            }
        }
        close();
    }

    /**
     * Whether a request can be sent on the channel: it is open, was opened with this timeout, which JSch keeps, and the server has
     * not ended anything on it yet.
     */
    boolean isFitFor(Duration timeout) {
        return timeout.equals(openedWithin)
                && channel.isConnected()
                && !channel.isEOF()
                && exitTold().isEmpty();
    }

    /** The reason code of a failed open (RFC 4254 section 5.1), which JSch keeps where the exit status will be; or {@link #NO_STATUS}. */
    int openRefusal() {
        return channel.getExitStatus();
    }

    /** The session has ended, and with it the channel, for whose opening JSch would wait on. */
    void sessionEnded() {
        wake();
        end();
    }

    /** To be called once the command runs, before anybody else knows of the process. */
    void openInput() throws IOException {
        stdin = channel.getOutputStream();
    }

    /** The command reads an empty stdin. */
    void endInput() {
        try {
            stdin.close();
        } catch (IOException | RuntimeException e) {
            // The channel is over already; how it ended, exit() tells.
            LOGGER.log(Level.FINE, endpoint + ": end of input not sent", e);
        }
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    /** The command did not start: {@link #exit} belongs to nobody. */
    void abandon() {
        synchronized (lock) {
            ended = true;
        }
        endStart();
        onEnd.accept(this);
        channel.disconnect();
    }

    @Override
    public CompletableFuture<RemoteExit> exit() {
        return exit;
    }

    /**
     * {@inheritDoc}
     *
     * <p>JSch asks for an answer and waits for it, at most for the timeout of the start; the end of the channel ends the
     * wait within 10 ms, as an answer that is not a no.
     *
     * <p>JSch sends the signal to the channel's number, even if the channel is closed. A server may have given that number to
     * the next channel, and so to another build's command. So nothing is signalled that has ended, and the caller
     * does not hear of the end, and give the session back, while a signal is under way. What remains is the moment between
     * the look and JSch's write, where another command is started on the same session just then; callers keep new ones away.
     */
    @Override
    public boolean signal(String name) {
        if (!enter()) {
            return false;
        }
        try {
            channel.sendSignal(name);
            return true;
        } catch (Exception e) {
            // JSch declares Exception. It is a refusal, or the channel is over.
            LOGGER.log(Level.FINE, endpoint + ": signal " + name + " not delivered", e);
            return false;
        } finally {
            if (leave()) {
                complete();
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (ended) {
                return;
            }
            closedHere = true;
        }
        channel.disconnect();
        end(); // where JSch had not yet, or no longer, held the channel for connected
    }

    /** The channel is over. Called by whoever ends it; the first call counts. Runs under no lock of JSch's. */
    void end() {
        synchronized (lock) {
            if (ended) {
                return;
            }
            ended = true;
            if (underWay > 0) {
                return; // output or a signal; the last of these to leave completes
            }
        }
        complete();
    }

    /** Begins a call that the end waits for. Returns false after the end: then the call must not be made. */
    private boolean enter() {
        synchronized (lock) {
            if (!ended) {
                underWay++;
            }
            return !ended;
        }
    }

    /** Ends such a call. Returns whether the channel ended meanwhile and the caller is to {@link #complete}. */
    private boolean leave() {
        synchronized (lock) {
            underWay--;
            return ended && underWay == 0;
        }
    }

    private void complete() {
        onEnd.accept(this);
        IOException refused;
        boolean here;
        synchronized (lock) {
            refused = refusal;
            here = closedHere;
        }
        Optional<RemoteExit> told = exitTold();
        if (refused != null) {
            exit.completeExceptionally(new OutputRefused(endpoint, refused));
        } else if (told.isPresent() && (here || outputComplete)) {
            exit.complete(told.get());
        } else {
            String detail = here
                    ? "the channel was closed here"
                    : whySessionLost.get().orElse("the server closed the channel and gave no exit status");
            String when = told.isPresent() ? ", after the command's end and before that of its output" : "";
            exit.completeExceptionally(new SessionLost(endpoint, Stage.RUN, detail + when, null));
        }
    }

    /** How the command ended, as far as the server has said; it may do so before the end of the output. */
    private Optional<RemoteExit> exitTold() {
        if (channel.getExitSignal() != null) {
            return Optional.of(new RemoteExit.Signalled(JschFailures.clean(channel.getExitSignal())));
        }
        int status = channel.getExitStatus();
        return status == NO_STATUS ? Optional.empty() : Optional.of(new RemoteExit.Exited(status));
    }

    /** One of the sink's methods. */
    @FunctionalInterface
    private interface Receiver {
        void take(OutputSink sink, byte[] buffer, int offset, int length) throws IOException;
    }

    private void give(Receiver receiver, byte[] buffer, int offset, int length) {
        OutputSink to = sink;
        if (to == null || !enter()) {
            return;
        }
        IOException failure = null;
        try {
            receiver.take(to, buffer, offset, length);
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            // An Error too: it is that of one build's log, and passed on it would end the commands of others.
            failure = new IOException(e.toString(), e);
        }
        taken(failure);
    }

    private void taken(IOException failure) {
        synchronized (lock) {
            refusal = failure;
        }
        if (leave()) {
            complete();
        } else if (failure != null) {
            close();
        }
    }

    /**
     * What JSch writes a channel's output to, on the reader thread. Never throws: from stderr an exception would end the
     * whole session, and with it the commands of others.
     */
    private final class Output extends OutputStream {
        private final Receiver receiver;
        private final boolean last;

        /** @param last whether JSch closes this stream as the last act on the channel */
        Output(Receiver receiver, boolean last) {
            this.receiver = receiver;
            this.last = last;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            give(receiver, buffer, offset, length);
        }

        /**
         * At the end of the output (RFC 4254 section 5.3) JSch closes stdout alone; at that of the channel it closes both, and then no
         * longer holds the channel for connected.
         */
        @Override
        public void close() {
            if (last ? !sessionOver.getAsBoolean() : channel.isConnected()) {
                outputComplete = true;
            }
            if (last) {
                end();
            }
        }
    }
}
