package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.exec.ExecRequest;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.ExecThreads;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.pool.CommonsSessionPool;
import io.jenkins.plugins.sshexec.core.pool.PoolSettings;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.jsch.JschTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/** All of the core as it is in Jenkins, from {@link RemoteExec} down to JSch, for tests against a server. */
public final class RealExec implements AutoCloseable {

    /** Longer than anything takes on loopback, however busy the machine. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private static final LeaseHolder HOLDER = new LeaseHolder("shop", "shop #1", "job/shop/1/");

    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "ssh-exec test");
        thread.setDaemon(true);
        return thread;
    };

    private final ExecutorService threads = Executors.newCachedThreadPool(DAEMONS);
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, DAEMONS);
    private final LoginFingerprint.Maker fingerprints = new LoginFingerprint.Maker();
    private final CommonsSessionPool pool;
    private final RemoteExec exec;

    public RealExec(PoolSettings settings) {
        pool = new CommonsSessionPool(
                new JschTransport(Duration.ofSeconds(15), DAEMONS, NanoClock.SYSTEM),
                settings,
                NanoClock.SYSTEM,
                threads,
                threads,
                timer);
        exec = new RemoteExec(
                pool, new ExecThreads(threads, threads, new TimedExecutor(threads, timer)), NanoClock.SYSTEM);
    }

    /** A pool with these limits, and times that no test reaches. */
    public static RealExec with(int sessionsPerHost, int channelsPerSession) {
        return new RealExec(new PoolSettings(
                sessionsPerHost,
                sessionsPerHost * 10,
                channelsPerSession,
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                LIMIT,
                Duration.ofMinutes(5)));
    }

    public CommonsSessionPool pool() {
        return pool;
    }

    public SessionSpec spec(OpenSshServer server) {
        return SessionSpec.of(server.endpoint(), server.login(), Policies.acceptAny(), fingerprints);
    }

    public CompletableFuture<ExecResult> run(
            OpenSshServer server,
            RemoteCommand command,
            ExecLimits limits,
            OutputSink output,
            ExecObserver observer,
            Cancellation cancellation) {
        return exec.run(new ExecRequest(spec(server), HOLDER, command, LIMIT, limits), output, observer, cancellation);
    }

    @Override
    public void close() {
        pool.close();
        timer.shutdownNow();
        threads.shutdown();
    }
}
