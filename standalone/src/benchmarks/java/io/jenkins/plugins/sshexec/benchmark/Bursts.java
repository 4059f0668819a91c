package io.jenkins.plugins.sshexec.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs commands on so many threads at once, the same way for every Java peer. */
final class Bursts {

    private static final Logger LOGGER = Logger.getLogger(Bursts.class.getName());

    private Bursts() {}

    /** One command of a burst. */
    @FunctionalInterface
    interface Command {
        /** @throws Exception unless the command ended with exit status 0 */
        void run(String host) throws Exception;
    }

    static Peer.Burst run(List<String> hosts, int commands, int concurrency, Command command)
            throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(concurrency);
        try {
            AtomicInteger next = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            List<Future<?>> callers = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < concurrency; i++) {
                callers.add(threads.submit(() -> {
                    for (int n = next.getAndIncrement(); n < commands; n = next.getAndIncrement()) {
                        try {
                            command.run(hosts.get(n % hosts.size()));
                        } catch (Exception e) {
                            // That it failed is what is counted, whatever the reason.
                            failed.incrementAndGet();
                            LOGGER.log(Level.FINE, e, () -> "A command failed");
                        }
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
            return new Peer.Burst(System.nanoTime() - start, commands, failed.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("An Error ended a caller", e.getCause());
        } finally {
            threads.shutdown();
        }
    }
}
