package io.jenkins.plugins.sshexec.lifecycle;

import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Every thread that the plugin starts: workers that look up credentials, connect and send commands; one timer; and for each
 * open session one reader, which JSch starts. All are daemons whose names begin with {@code ssh-exec}, and none keeps the
 * class loader of a build alive.
 */
final class PluginThreads implements AutoCloseable {

    /**
     * Workers block for a few network round trips at most, or for the connect timeout of a host that does not answer, of
     * which the handshake gate lets in only a few for each host.
     */
    private static final int MAX_WORKERS = 64;

    private static final int IDLE_WORKER_SECONDS = 60;

    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor timer;

    PluginThreads() {
        // Up to MAX_WORKERS threads before anything queues; a pool with a small core would queue first.
        workers = new ThreadPoolExecutor(
                MAX_WORKERS,
                MAX_WORKERS,
                IDLE_WORKER_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                factory("ssh-exec worker"));
        workers.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, factory("ssh-exec timer"));
        timer.setRemoveOnCancelPolicy(true);
    }

    ExecutorService workers() {
        return workers;
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
        workers.shutdown();
    }
}
