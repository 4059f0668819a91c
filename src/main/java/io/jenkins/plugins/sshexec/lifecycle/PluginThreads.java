package io.jenkins.plugins.sshexec.lifecycle;

import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Every thread that the plugin starts: connectors that make handshakes; workers that look up credentials, check sessions and
 * send commands; writers of output into build logs; enders of cancelled commands; carriers of files; one timer; and for each open session one reader, which JSch starts. What can
 * hold a thread for long has threads of its own, so that hosts which do not answer hold up no other host. All are daemons
 * whose names begin with {@code ssh-exec}, and none keeps the class loader of a build alive.
 */
final class PluginThreads implements AutoCloseable {

    /** A connector blocks for the connect timeout of a host that does not answer; each host has a few at most. */
    private static final int MAX_CONNECTORS = 64;

    /** A worker blocks for a few round trips to a host that has answered before. */
    private static final int MAX_WORKERS = 64;

    /** A writer blocks while the disk under its build's log does; then most logs stall. */
    private static final int MAX_WRITERS = 16;

    /** Soon: after a rush there may be a hundred of these, and a new thread costs a fraction of a command. */
    private static final int IDLE_SECONDS = 10;

    /** Those that {@link #pool} made. */
    private final List<ExecutorService> pools = new ArrayList<>();

    private final Executor connectors = new LimitedExecutor(MAX_CONNECTORS, pool("ssh-exec connector"));
    private final Executor workers = new LimitedExecutor(MAX_WORKERS, pool("ssh-exec worker"));
    private final Executor writers = new LimitedExecutor(MAX_WRITERS, pool("ssh-exec log writer"));
    private final Executor enders = pool("ssh-exec ender");
    private final Executor carriers = pool("ssh-exec file carrier");
    private final ScheduledThreadPoolExecutor timer;

    PluginThreads() {
        timer = new ScheduledThreadPoolExecutor(1, factory("ssh-exec timer"));
        timer.setRemoveOnCancelPolicy(true);
    }

    /** A task goes to the thread that came to rest last, or to a new one where none is idle. */
    private Executor pool(String name) {
        ExecutorService pool = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory(name));
        pools.add(pool);
        return pool;
    }

    /** For handshakes. */
    Executor connectors() {
        return connectors;
    }

    /** For all else that may block for a moment, and for callers' code. */
    Executor workers() {
        return workers;
    }

    /** For output on its way into build logs. */
    Executor writers() {
        return writers;
    }

    /** For the steps that end a cancelled command: without limit, so that no step waits for one to another dead host. */
    Executor enders() {
        return enders;
    }

    /** For files: without limit, since a transfer holds one for each lease, of which the pool gives only so many. */
    Executor carriers() {
        return carriers;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    ThreadFactory readers() {
        return factory("ssh-exec session");
    }

    private static ThreadFactory factory(String name) {
        return new NamingThreadFactory(new ClassLoaderSanityThreadFactory(new DaemonThreadFactory()), name);
    }

    /** Lets running tasks end; their sockets are closed by then. */
    @Override
    public void close() {
        timer.shutdownNow();
        pools.forEach(ExecutorService::shutdown);
    }
}
