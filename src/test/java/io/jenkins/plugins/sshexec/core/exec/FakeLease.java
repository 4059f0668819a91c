package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A lease, and a session with a scripted answer, that write down what is done with them. Thread-safe. */
final class FakeLease implements SessionLease {

    /** What the session does with an exec request. */
    @FunctionalInterface
    interface Answer {
        RemoteProcess to(Start start) throws SshException;
    }

    /** The arguments of {@link SshSession#start}. */
    record Start(RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation) {}

    private final boolean reused;
    private final SshSession session;

    /** What the session does with the script that ends a command; as it is, there is no room for a second channel. */
    private volatile Answer scriptAnswer = start -> {
        throw ExecFixture.channelRefused();
    };

    private volatile String serverVersion = "SSH-2.0-OpenSSH_9.2p1";
    private final List<Start> starts = new CopyOnWriteArrayList<>();

    /** Guarded by {@code this}. */
    private final List<String> events = new ArrayList<>();

    /** Guarded by {@code this}. */
    private boolean closed;

    private final List<String> sharing = new CopyOnWriteArrayList<>();
    private volatile boolean alone = true;

    FakeLease(boolean reused, Answer answer) {
        this.reused = reused;
        this.session = new FakeSession(answer);
    }

    /** {@code channel refused}, {@code retired <reason>} and {@code closed}, in their order; closing twice shows once. */
    synchronized List<String> events() {
        return List.copyOf(events);
    }

    /** Of commands, not of the script that ends them. */
    List<Start> starts() {
        return starts;
    }

    void onScript(Answer answer) {
        scriptAnswer = answer;
    }

    /** {@code kept to itself} and {@code shared again}, in their order. */
    List<String> sharing() {
        return sharing;
    }

    /** Another command runs on the session. */
    void hasNeighbour() {
        alone = false;
    }

    void serverIs(String version) {
        serverVersion = version;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void add(String event) {
        events.add(closed ? event + " after the end" : event);
    }

    @Override
    public SshSession session() {
        return session;
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void retire(RetireReason reason) {
        add("retired " + reason);
    }

    @Override
    public void channelRefused() {
        add("channel refused");
    }

    @Override
    public boolean keepToItself() {
        sharing.add("kept to itself");
        return alone;
    }

    @Override
    public void shareAgain() {
        sharing.add("shared again");
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            add("closed");
            closed = true;
        }
    }

    private final class FakeSession implements SshSession {
        private final Answer answer;

        FakeSession(Answer answer) {
            this.answer = answer;
        }

        @Override
        public RemoteProcess start(
                RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation)
                throws SshException {
            if (isClosed()) {
                throw new AssertionError("A session is used whose lease is closed");
            }
            Start start = new Start(command, output, timeout, cancellation);
            if (command.readsInput()) {
                return scriptAnswer.to(start);
            }
            starts.add(start);
            return answer.to(start);
        }

        @Override
        public boolean isOpen() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean check(Duration timeout, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RemoteFiles openFiles(Duration timeout, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void tryChannel(Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SessionFacts facts() {
            return new SessionFacts(serverVersion, null, "", "");
        }

        @Override
        public void close() {
            add("session closed, which is the pool's to do");
        }
    }
}
