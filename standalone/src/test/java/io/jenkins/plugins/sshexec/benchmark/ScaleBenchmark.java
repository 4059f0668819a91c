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
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a thousand idle sessions to a hundred hosts cost, and what a lease on one of them does. docs/benchmarks.md says how
 * to read it.
 */
public final class ScaleBenchmark {

    private static final LeaseHolder HOLDER = new LeaseHolder("scale", "scale #1", "job/scale/1/");
    private static final int SESSIONS_PER_HOST = 10;
    private static final int CALLERS = 8;
    private static final int LEASES_EACH = 200_000;
    private static final int ROUNDS = 5;

    private ScaleBenchmark() {}

    /** Prints its results as lines of text. */
    public static void main(String... arguments) throws Exception {
        System.out.println(Machine.describe());
        try (ManyHosts hosts = ManyHosts.start();
                RealExec controller = new RealExec(
                        RealExec.settings(
                                SESSIONS_PER_HOST,
                                SESSIONS_PER_HOST * hosts.endpoints().size(),
                                1),
                        Duration.ofMinutes(1))) {
            List<SessionSpec> specs = hosts.endpoints().stream()
                    .map(endpoint -> spec(controller, endpoint))
                    .toList();
            hold(controller, specs.subList(0, 1), 1).forEach(SessionLease::close);
            long heapBefore = usedHeap();

            long start = System.nanoTime();
            hold(controller, specs, SESSIONS_PER_HOST).forEach(SessionLease::close);
            double connectSeconds = (System.nanoTime() - start) / 1e9;

            int opened = (int) controller.pool().snapshot().opened();
            System.out.printf(Locale.ROOT, "%d sessions open after %.0f s%n", opened, connectSeconds);
            System.out.printf(
                    Locale.ROOT,
                    "heap for each further session: %.1f KiB; reader threads: %d%n",
                    (usedHeap() - heapBefore) / 1024.0 / (opened - 1),
                    readers());
            System.out.println("load average " + Machine.load());
            for (int round = 1; round <= ROUNDS; round++) {
                System.out.println("round " + round + ": " + lease(controller, specs));
            }
            if (controller.pool().snapshot().opened() != opened) {
                throw new IllegalStateException("Sessions were replaced meanwhile: the figures say nothing.");
            }
        }
    }

    private static SessionSpec spec(RealExec controller, Endpoint endpoint) {
        return controller.spec(endpoint, EmbeddedSshServer.login());
    }

    /** Leases so many sessions of each host at once. */
    private static List<SessionLease> hold(RealExec controller, List<SessionSpec> specs, int sessions) {
        List<CompletableFuture<SessionLease>> asked = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            specs.forEach(spec -> asked.add(controller.pool().lease(spec, HOLDER, place -> {}, new Cancellation())));
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** Lets eight callers lease and give back as fast as they can, each waiting for its lease as a caller does. */
    private static String lease(RealExec controller, List<SessionSpec> specs) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<long[]>> running = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < CALLERS; i++) {
                running.add(callers.submit(() -> leaseAgainAndAgain(controller, specs)));
            }
            List<long[]> times = new ArrayList<>();
            for (Future<long[]> one : running) {
                times.add(one.get());
            }
            double micros = (System.nanoTime() - start) / 1e3;
            long[] sorted =
                    times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return String.format(
                    Locale.ROOT,
                    "%.2f us for each lease; from asking to having given back p50 %.1f us, p99 %.1f us",
                    micros / sorted.length,
                    sorted[sorted.length / 2] / 1e3,
                    sorted[(int) (sorted.length * 0.99)] / 1e3);
        } finally {
            callers.shutdown();
        }
    }

    private static long[] leaseAgainAndAgain(RealExec controller, List<SessionSpec> specs) {
        long[] nanos = new long[LEASES_EACH];
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
