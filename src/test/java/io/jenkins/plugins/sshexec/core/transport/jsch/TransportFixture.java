package io.jenkins.plugins.sshexec.core.transport.jsch;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** What the transport's tests have in common: short calls, limits that no healthy machine reaches, and its threads. */
final class TransportFixture {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final LoginFingerprint.Maker FINGERPRINTS = new LoginFingerprint.Maker();

    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    /** Daemon threads that {@link #threads} remembers. */
    final ThreadFactory threadFactory = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    };

    /** All threads that the transport has made. */
    Queue<Thread> threads() {
        return threads;
    }

    JschTransport transport(Duration keepAlive) {
        return new JschTransport(keepAlive, threadFactory, NanoClock.SYSTEM);
    }

    static SessionSpec spec(Endpoint endpoint, Login login, HostKeyPolicy policy) {
        return SessionSpec.of(endpoint, login, policy, FINGERPRINTS);
    }

    static SessionSpec spec(Endpoint endpoint, Login login, HostKeyPolicy policy, Algorithms algorithms) {
        return SessionSpec.of(endpoint, login, policy, algorithms, FINGERPRINTS);
    }

    SshSession connect(OpenSshServer server) throws SshException {
        return connect(server.endpoint(), server.login());
    }

    SshSession connect(Endpoint endpoint, Login login) throws SshException {
        return connect(endpoint, login, Policies.acceptAny());
    }

    SshSession connect(Endpoint endpoint, Login login, HostKeyPolicy policy) throws SshException {
        return transport(Duration.ZERO).connect(spec(endpoint, login, policy), LIMIT, new Cancellation());
    }

    static RemoteProcess start(SshSession session, String command, OutputSink sink) throws SshException {
        return session.start(RemoteCommand.of(command), sink, LIMIT, new Cancellation());
    }

    /** Runs a command to its end. */
    static RemoteExit run(SshSession session, String command, OutputSink sink) throws Exception {
        return end(start(session, command, sink));
    }

    static RemoteExit end(RemoteProcess process) throws Exception {
        return process.exit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
