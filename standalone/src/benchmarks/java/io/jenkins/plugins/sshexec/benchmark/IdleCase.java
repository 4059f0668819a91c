package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.pool.SessionLease;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/** What idle sessions to many hosts cost, up to a thousand, and what a lease on one of a thousand does. */
final class IdleCase {

    private static final LeaseHolder HOLDER = new LeaseHolder("scale", "scale #1", "job/scale/1/");
    private static final int HOSTS = 100;
    private static final int MOST_PER_HOST = 10;
    private static final int CONNECTS = 8;
    private static final int CALLERS = 8;
    private static final int LEASES_EACH = 200_000;
    private static final int ROUNDS = 5;

    private IdleCase() {}

    static void run(Options options, Report report) throws Exception {
        report.heading("Idle sessions");
        Table table = new Table("sessions, hosts", "heap for each KiB", "readers", "seconds to open");
        try (ManyHosts hosts = ManyHosts.start();
                RealExec controller = new RealExec(
                        RealExec.settings(MOST_PER_HOST, MOST_PER_HOST * HOSTS, 1), Duration.ofMinutes(1))) {
            List<SessionSpec> specs = hosts.endpoints().stream()
                    .map(endpoint -> spec(controller, endpoint))
                    .toList();
            hold(controller, specs.subList(0, 1), 1).forEach(SessionLease::close);
            long heapBefore = usedHeap();
            table.row(opened(controller, specs.subList(0, 10), 1, heapBefore));
            table.row(opened(controller, specs, 1, heapBefore));
            table.row(opened(controller, specs, MOST_PER_HOST, heapBefore));
            report.table(table);
            leases(options, report, controller, specs);
        }
    }

    private static List<String> opened(RealExec controller, List<SessionSpec> specs, int each, long heapBefore) {
        long start = System.nanoTime();
        hold(controller, specs, each).forEach(SessionLease::close);
        double seconds = (System.nanoTime() - start) / 1e9;
        int sessions = specs.size() * each;
        return List.of(
                sessions + ", " + specs.size(),
                Table.number("%.1f", (usedHeap() - heapBefore) / 1024.0 / (sessions - 1)),
                String.valueOf(readers()),
                Table.number("%.1f", seconds));
    }

    private static void leases(Options options, Report report, RealExec controller, List<SessionSpec> specs)
            throws Exception {
        long opened = controller.pool().snapshot().opened();
        Table table = new Table("leases by " + CALLERS + " callers", "each us", "p50 us", "p99 us");
        for (int round = 1; round <= ROUNDS; round++) {
            table.row(lease(controller, specs, (int) options.amount(LEASES_EACH), "round " + round));
        }
        report.table(table);
        if (controller.pool().snapshot().opened() != opened) {
            throw new IllegalStateException("Sessions were replaced meanwhile: the figures say nothing.");
        }
    }

    private static SessionSpec spec(RealExec controller, Endpoint endpoint) {
        return controller.spec(endpoint, EmbeddedSshServer.login());
    }

    /** Leases so many sessions of each host; few connects at a time, as one machine is all of these hosts. */
    private static List<SessionLease> hold(RealExec controller, List<SessionSpec> specs, int sessions) {
        Semaphore connects = new Semaphore(CONNECTS);
        List<CompletableFuture<SessionLease>> asked = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            for (SessionSpec spec : specs) {
                connects.acquireUninterruptibly();
                asked.add(controller
                        .pool()
                        .lease(spec, HOLDER, place -> {}, new Cancellation())
                        .whenComplete((lease, failure) -> connects.release()));
            }
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** Lets eight callers lease and give back as fast as they can, each waiting for its lease as a caller does. */
    private static List<String> lease(RealExec controller, List<SessionSpec> specs, int each, String name)
            throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<long[]>> running = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < CALLERS; i++) {
                running.add(callers.submit(() -> leaseAgainAndAgain(controller, specs, each)));
            }
            List<long[]> times = new ArrayList<>();
            for (Future<long[]> one : running) {
                times.add(one.get());
            }
            double micros = (System.nanoTime() - start) / 1e3;
            long[] sorted =
                    times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return List.of(
                    name,
                    Table.number("%.2f", micros / sorted.length),
                    Table.number("%.1f", sorted[sorted.length / 2] / 1e3),
                    Table.number("%.1f", sorted[(int) (sorted.length * 0.99)] / 1e3));
        } finally {
            callers.shutdown();
        }
    }

    private static long[] leaseAgainAndAgain(RealExec controller, List<SessionSpec> specs, int times) {
        long[] nanos = new long[times];
        for (int i = 0; i < nanos.length; i++) {
            SessionSpec spec = specs.get(ThreadLocalRandom.current().nextInt(specs.size()));
            long start = System.nanoTime();
            controller
                    .pool()
                    .lease(spec, HOLDER, place -> {}, new Cancellation())
                    .join()
                    .close();
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    /** What is reachable. */
    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            memory.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Those that read from sessions; the others are as many as the pools of threads have. */
    private static long readers() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("ssh-exec reader of "))
                .count();
    }
}
