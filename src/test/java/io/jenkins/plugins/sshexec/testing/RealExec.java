package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.exec.ExecRequest;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.ExecThreads;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.Login;
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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** All of the core as it is in Jenkins, from {@link RemoteExec} down to JSch, for tests against a server. */
public final class RealExec implements AutoCloseable {

    /** Longer than anything takes on loopback, however busy the machine. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    /** After which idle sessions are given up, and those that are so old. */
    public static final Duration LONG_TIME = Duration.ofHours(1);

    public static final LeaseHolder HOLDER = new LeaseHolder("shop", "shop #1", "job/shop/1/");

    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "ssh-exec test");
        thread.setDaemon(true);
        return thread;
    };

    private final ExecutorService threads = Executors.newCachedThreadPool(DAEMONS);
    private final ScheduledExecutorService timer;
    private final LoginFingerprint.Maker fingerprints = new LoginFingerprint.Maker();
    private final AtomicLong skippedNanos = new AtomicLong();
    private final CommonsSessionPool pool;
    private final RemoteExec exec;

    public RealExec(PoolSettings settings) {
        this(settings, Duration.ofSeconds(15));
    }

    public RealExec(PoolSettings settings, Duration keepAlive) {
        this(settings, keepAlive, Executors.newScheduledThreadPool(1, DAEMONS));
    }

    private RealExec(PoolSettings settings, Duration keepAlive, ScheduledExecutorService timer) {
        this.timer = timer;
        pool = new CommonsSessionPool(
                new JschTransport(keepAlive, DAEMONS, NanoClock.SYSTEM),
                settings,
                () -> System.nanoTime() + skippedNanos.get(),
                threads,
                threads,
                timer);
        exec = new RemoteExec(pool, threads(), NanoClock.SYSTEM);
    }

    /** A pool with these limits, and times that no test reaches. */
    public static RealExec with(int sessionsPerHost, int channelsPerSession) {
        return new RealExec(settings(sessionsPerHost, sessionsPerHost * 10, channelsPerSession));
    }

    /** All that is given up after a time is given ten times as long, which is enough however busy the machine. */
    public static RealExec patient(int sessionsPerHost, int channelsPerSession) {
        return new RealExec(
                settings(sessionsPerHost, sessionsPerHost * 10, channelsPerSession),
                Duration.ofSeconds(15),
                new PatientTimer());
    }

    /** Sessions are given up after {@link #LONG_TIME}, be they idle or not. */
    public static PoolSettings settings(int sessionsPerHost, int sessionsInTotal, int channelsPerSession) {
        return new PoolSettings(
                sessionsPerHost,
                sessionsInTotal,
                channelsPerSession,
                LONG_TIME,
                LONG_TIME,
                LIMIT,
                Duration.ofMinutes(5));
    }

    /** Lets the pool believe that so much time has passed. */
    public void skip(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
    }

    public CommonsSessionPool pool() {
        return pool;
    }

    /** For what is built upon it. */
    public RemoteExec exec() {
        return exec;
    }

    public ExecThreads threads() {
        return new ExecThreads(threads, threads, new TimedExecutor(threads, timer));
    }

    public SessionSpec spec(OpenSshServer server) {
        return spec(server.endpoint(), server.login());
    }

    /** By way of a proxy, say. */
    public SessionSpec spec(OpenSshServer server, Endpoint endpoint) {
        return spec(endpoint, server.login());
    }

    public SessionSpec spec(Endpoint endpoint, Login login) {
        return SessionSpec.of(endpoint, login, Policies.acceptAny(), fingerprints);
    }

    public CompletableFuture<ExecResult> run(
            OpenSshServer server,
            RemoteCommand command,
            ExecLimits limits,
            OutputSink output,
            ExecObserver observer,
            Cancellation cancellation) {
        return run(spec(server), command, limits, output, observer, cancellation);
    }

    public CompletableFuture<ExecResult> run(
            SessionSpec spec,
            RemoteCommand command,
            ExecLimits limits,
            OutputSink output,
            ExecObserver observer,
            Cancellation cancellation) {
        return exec.run(new ExecRequest(spec, HOLDER, command, LIMIT, limits), output, observer, cancellation);
    }

    /** Begins a command of a build. */
    public Step step(OpenSshServer server, String command) {
        return step(server.endpoint(), server.login(), command);
    }

    public Step step(Endpoint endpoint, Login login, String command) {
        Step step = new Step();
        step.result = exec.run(
                new ExecRequest(spec(endpoint, login), HOLDER, RemoteCommand.of(command), LIMIT, ExecLimits.NONE),
                step,
                step.observer,
                step.cancellation);
        return step;
    }

    @Override
    public void close() {
        pool.close();
        timer.shutdownNow();
        threads.shutdown();
    }

    /** A command, and what its build's log would have of it. Thread-safe. */
    public static final class Step implements OutputSink {
        private final Cancellation cancellation = new Cancellation();
        private final RecordingObserver observer = new RecordingObserver();
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

        /** Set before anybody has the step. */
        private CompletableFuture<ExecResult> result;

        public CompletableFuture<ExecResult> result() {
            return result;
        }

        public void abort() {
            cancellation.cancel();
        }

        /** What was told of the command, as {@link RecordingObserver} has it. */
        public List<String> events() {
            return observer.events();
        }

        /** Complete when the result is there. */
        public String stdout() {
            return stdout.toString(StandardCharsets.UTF_8);
        }

        public String stderr() {
            return stderr.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void stdout(byte[] buffer, int offset, int length) {
            stdout.write(buffer, offset, length);
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            stderr.write(buffer, offset, length);
        }
    }

    private static final class PatientTimer extends ScheduledThreadPoolExecutor {
        PatientTimer() {
            super(1, DAEMONS);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(task, 10 * delay, unit);
        }
    }
}
