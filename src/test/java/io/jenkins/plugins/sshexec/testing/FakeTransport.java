package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostProof;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions without a network. It records each breach of the limits it was told, so that a test proves them by {@link
 * #breaches} being empty, whatever else it looks at. Blocking calls can be held until the test ends them. Thread-safe.
 */
public final class FakeTransport implements SshTransport {

    private static final HostKey HOST_KEY = new HostKey("ssh-ed25519", new byte[] {1});

    /** What the user of the transport has promised to keep. */
    public record Limits(int inUsePerHost, int inUseInTotal, int openInTotal, int channelsPerSession, int handshakes) {}

    /** A call that blocks until the test ends it, or its caller cancels it. */
    public static final class HeldCall {
        private final SessionKey key;
        private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

        private HeldCall(SessionKey key) {
            this.key = key;
        }

        public SessionKey key() {
            return key;
        }

        /** Lets a connect give its session, or a check a sign of life. */
        public void succeed() {
            answer.complete(true);
        }

        /** Lets a check see no sign of life. */
        public void answerNothing() {
            answer.complete(false);
        }

        public void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<HeldCall> held = new LinkedBlockingQueue<>();
    private final AtomicInteger holding = new AtomicInteger();
    private final List<FakeSession> sessions = new CopyOnWriteArrayList<>();

    /** Guarded by {@code this}: handshakes in flight. */
    private final List<SessionKey> handshakes = new ArrayList<>();

    /** Guarded by {@code this}: keys that have logged in. */
    private final List<SessionKey> proven = new ArrayList<>();

    private volatile Limits limits = new Limits(100, 100, 200, 100, 8);
    private volatile boolean holdConnects;
    private volatile boolean holdChecks;
    private volatile Runnable duringIo = () -> {};

    public void setLimits(Limits limits) {
        this.limits = limits;
    }

    public void holdConnects(boolean hold) {
        holdConnects = hold;
    }

    public void holdChecks(boolean hold) {
        holdChecks = hold;
    }

    /** Runs {@code action} inside every connect and check, on the thread that makes the call. */
    public void duringIo(Runnable action) {
        duringIo = action;
    }

    /** Makes the next connect that is not held fail. */
    public void failNext(Throwable failure) {
        failures.add(failure);
    }

    /** The next call that is held; waits for it. */
    public HeldCall nextHeld() {
        try {
            HeldCall call = held.poll(10, TimeUnit.SECONDS);
            if (call == null) {
                throw new AssertionError("No call of the transport came");
            }
            return call;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls held and not yet ended. */
    public int holding() {
        return holding.get();
    }

    /** Broken promises, each as a sentence. */
    public List<String> breaches() {
        return List.copyOf(breaches);
    }

    /** All sessions that were ever opened, in their order. */
    public List<FakeSession> sessions() {
        return List.copyOf(sessions);
    }

    public List<FakeSession> openSessions() {
        return sessions.stream().filter(session -> !session.closed.get()).toList();
    }

    @Override
    public SshSession connect(SessionSpec spec, Duration timeout, Cancellation cancellation) throws SshException {
        begin(spec.key());
        try {
            duringIo.run();
            Throwable failure = holdConnects ? null : failures.poll();
            if (failure != null) {
                throw FakeTransport.<RuntimeException>sneaky(failure);
            }
            if (holdConnects) {
                hold(spec.key(), cancellation);
            }
            // As a real handshake does: the login is needed until the very end.
            spec.login().secrets().forEach(SecretBytes::copy);
            return open(spec.key());
        } finally {
            end(spec.key());
        }
    }

    private synchronized void begin(SessionKey key) {
        handshakes.add(key);
        long toHost = handshakes.stream().filter(other -> sameHost(other, key)).count();
        require(toHost <= limits.handshakes, toHost + " handshakes with " + key.endpoint());
        long withKey = handshakes.stream().filter(key::equals).count();
        require(withKey == 1 || proven.contains(key), withKey + " handshakes with the untried login " + key);
    }

    private synchronized void end(SessionKey key) {
        handshakes.remove(key);
    }

    private synchronized SshSession open(SessionKey key) {
        proven.add(key);
        FakeSession session = new FakeSession(key);
        sessions.add(session);
        require(openSessions().size() <= limits.openInTotal, openSessions().size() + " open sessions");
        return session;
    }

    private boolean hold(SessionKey key, Cancellation cancellation) {
        HeldCall call = new HeldCall(key);
        holding.incrementAndGet();
        call.answer.whenComplete((answer, failure) -> holding.decrementAndGet());
        held.add(call);
        Cancellation.Registration stop =
                cancellation.onCancel(() -> call.answer.completeExceptionally(new CancellationException()));
        try {
            return call.answer.join();
        } catch (CompletionException e) {
            throw FakeTransport.<RuntimeException>sneaky(e.getCause());
        } finally {
            stop.close();
        }
    }

    private static boolean sameHost(SessionKey one, SessionKey other) {
        return one.endpoint().equals(other.endpoint());
    }

    private void require(boolean kept, String breach) {
        if (!kept) {
            breaches.add(breach);
        }
    }

    /** Throws what a test asked for, checked or not. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    /** A session whose peer the test can kill. */
    public final class FakeSession implements SshSession {
        private final SessionKey key;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final AtomicInteger channels = new AtomicInteger();
        private final AtomicInteger checks = new AtomicInteger();
        private volatile boolean silent;
        private volatile boolean dropped;

        private FakeSession(SessionKey key) {
            this.key = key;
        }

        /** The peer is gone, which only a check can find out. */
        public void fallSilent() {
            silent = true;
        }

        /** The peer has closed the connection. */
        public void drop() {
            dropped = true;
        }

        public int checks() {
            return checks.get();
        }

        public boolean isClosed() {
            return closed.get();
        }

        public Endpoint endpoint() {
            return key.endpoint();
        }

        @Override
        public boolean isOpen() {
            return !closed.get() && !dropped;
        }

        @Override
        public boolean check(Duration timeout, Cancellation cancellation) {
            require(!closed.get(), "a check of a closed session to " + key);
            checks.incrementAndGet();
            duringIo.run();
            return holdChecks ? hold(key, cancellation) : !silent && isOpen();
        }

        /** Opens a channel that runs until it is closed. */
        @Override
        public RemoteProcess start(
                RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation) {
            synchronized (FakeTransport.this) {
                int now = channels.incrementAndGet();
                require(now <= limits.channelsPerSession, now + " channels on a session to " + key);
                require(!closed.get(), "a channel on a closed session to " + key);
                List<FakeSession> inUse = openSessions().stream()
                        .filter(session -> session.channels.get() > 0)
                        .toList();
                require(inUse.size() <= limits.inUseInTotal, inUse.size() + " sessions in use");
                long toHost = inUse.stream()
                        .filter(session -> sameHost(session.key, key))
                        .count();
                require(toHost <= limits.inUsePerHost, toHost + " sessions in use to " + key.endpoint());
            }
            return new FakeProcess();
        }

        @Override
        public RemoteFiles openFiles(Duration timeout, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void tryChannel(Duration timeout) {
            start(RemoteCommand.of(new byte[0]), null, timeout, new Cancellation())
                    .close();
        }

        @Override
        public SessionFacts facts() {
            return new SessionFacts("SSH-2.0-Fake", new HostProof.Key(HOST_KEY), "kex", "cipher");
        }

        @Override
        public void close() {
            closed.set(true);
        }

        @Override
        public String toString() {
            return "FakeSession[" + key + (closed.get() ? ", closed]" : "]");
        }

        private final class FakeProcess implements RemoteProcess {
            private final AtomicBoolean ended = new AtomicBoolean();

            @Override
            public CompletableFuture<RemoteExit> exit() {
                return new CompletableFuture<>();
            }

            @Override
            public OutputStream stdin() {
                return OutputStream.nullOutputStream();
            }

            @Override
            public boolean signal(String name) {
                return true;
            }

            @Override
            public void close() {
                if (ended.compareAndSet(false, true)) {
                    channels.decrementAndGet();
                }
            }
        }
    }
}
