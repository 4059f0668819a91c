package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.testing.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many threads, little room, and everything that can go wrong, at random; the transport watches the limits. */
@Timeout(120)
class PoolStressTest {

    private static final int CALLERS = 60;
    private static final int LEASES_EACH = 200;
    private static final int HOSTS = 6;

    private final FakeTransport transport = new FakeTransport();
    private final ExecutorService executor = Executors.newFixedThreadPool(16);
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final List<SessionSpec> specs = Stream.iterate(0, i -> i < 2 * HOSTS, i -> i + 1)
            .map(i -> spec("web" + i / 2, i % 2 == 0 ? "deploy" : "root", "secret"))
            .toList();

    /** Used by the scheduler's thread alone. */
    private CompletableFuture<Void> kept = CompletableFuture.completedFuture(null);

    @AfterEach
    void end() {
        callers.shutdownNow();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 1", "2, 4, 1", "2, 4, 3", "2, 12, 2"})
    void everyLeaseIsServedWithinTheLimitsAndAllComesToRest(int perHost, int total, int channels) throws Exception {
        PoolSettings settings = new PoolSettings(
                perHost,
                total,
                channels,
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofSeconds(30),
                Duration.ofSeconds(100));
        transport.setLimits(new FakeTransport.Limits(perHost, total, 2 * total, channels, HandshakeGate.MAX_PER_HOST));
        try (CommonsSessionPool pool =
                new CommonsSessionPool(transport, settings, NanoClock.SYSTEM, executor, executor, scheduler)) {
            scheduler.scheduleWithFixedDelay(pool::evictExpired, 1, 1, TimeUnit.MILLISECONDS);
            scheduler.scheduleWithFixedDelay(() -> pool.apply(settings), 7, 7, TimeUnit.MILLISECONDS);
            Future<?> keeping = scheduler.scheduleWithFixedDelay(() -> keepReady(pool), 3, 3, TimeUnit.MILLISECONDS);
            AtomicInteger served = new AtomicInteger();
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                done.add(callers.submit(() -> {
                    for (int lease = 0; lease < LEASES_EACH; lease++) {
                        served.addAndGet(leaseOnce(pool, random) ? 1 : 0);
                    }
                    return null;
                }));
            }
            for (Future<?> caller : done) {
                caller.get();
            }
            keeping.cancel(false);

            await().untilAsserted(() -> assertThat(pool.snapshot().hosts())
                    .allSatisfy(host -> assertThat(host.leases() + host.sessionsInUse() + host.waiting())
                            .as("%s at rest", host)
                            .isZero()));
            assertThat(served.get()).isGreaterThan(CALLERS * LEASES_EACH * 8 / 10);
            await().untilAsserted(() -> assertAllSessionsAccountedFor(pool.snapshot()));
        }
        assertThat(transport.breaches()).isEmpty();
        assertThat(transport.openSessions()).isEmpty();
    }

    /** One session of each key, as far as there is room beside the callers. On the one thread of the scheduler, which others need. */
    private void keepReady(CommonsSessionPool pool) {
        if (kept.isDone()) {
            kept = pool.ready()
                    .keep(specs.stream()
                            .map(spec -> spec.within(new HostLimits(0, 0, 1, false)))
                            .toList());
        }
    }

    /** Every session that was ever opened has been closed and counted, or is idle. */
    private void assertAllSessionsAccountedFor(PoolSnapshot snapshot) {
        long closed =
                snapshot.retired().values().stream().mapToLong(Long::longValue).sum();
        long idle = snapshot.hosts().stream()
                .mapToInt(PoolSnapshot.Host::sessionsIdle)
                .sum();
        assertThat(snapshot.opened()).isEqualTo(transport.sessions().size()).isEqualTo(closed + idle);
        assertThat(transport.openSessions()).hasSize((int) idle);
    }

    /** Returns whether a lease was given. */
    private boolean leaseOnce(SessionPool pool, SplittableRandom random) throws Exception {
        SessionSpec spec = specs.get(random.nextInt(specs.size()));
        Cancellation cancellation = new Cancellation();
        boolean cancel = random.nextInt(20) == 0;
        switch (random.nextInt(500)) {
            case 0 ->
                transport.failNext(ConnectFailed.dropped(new Endpoint("x", 22), Stage.BANNER, "on purpose", null));
            case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 -> transport.failNext(new IllegalStateException("on purpose"));
            default -> {
                // Most connects succeed.
            }
        }
        CompletableFuture<SessionLease> asked = pool.lease(spec, HOLDER, place -> {}, cancellation);
        if (cancel) {
            Thread.yield();
            cancellation.cancel();
        }
        try (SessionLease lease = asked.get(100, TimeUnit.SECONDS)) {
            use(lease, random);
            return true;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).hasMessage("on purpose");
            return false;
        } catch (CancellationException e) {
            assertThat(cancel).isTrue();
            return false;
        }
    }

    private static void use(SessionLease lease, SplittableRandom random) throws SshException {
        FakeTransport.FakeSession session = (FakeTransport.FakeSession) lease.session();
        RemoteProcess channel = session.start(RemoteCommand.of(""), null, Duration.ZERO, new Cancellation());
        Thread.yield();
        channel.close();
        switch (random.nextInt(30)) {
            case 0 -> lease.retire(RetireReason.FAILED);
            case 1 -> lease.channelRefused();
            case 2 -> session.fallSilent();
            case 3 -> session.drop();
            default -> {
                // Most commands leave their session as it was.
            }
        }
    }

    /** Half of the connects fail, so circuits open again and again; the pool's time runs fast, so they close too. */
    @Test
    void hostsThatComeAndGoLoseNoCaller() throws Exception {
        // The connect timeout is by that time too.
        PoolSettings settings = new PoolSettings(
                2,
                6,
                2,
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                Duration.ofHours(5),
                PoolFixture.SETTINGS.waitTimeout());
        NanoClock fast = () -> System.nanoTime() * 500;
        AtomicInteger unavailable = new AtomicInteger();
        try (CommonsSessionPool pool =
                new CommonsSessionPool(transport, settings, fast, executor, executor, scheduler)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                done.add(callers.submit(() -> {
                    for (int lease = 0; lease < LEASES_EACH; lease++) {
                        if (random.nextBoolean()) {
                            transport.failNext(new ConnectFailed(new Endpoint("x", 22), Stage.TCP, "on purpose", null));
                        }
                        SessionSpec spec = specs.get(random.nextInt(specs.size()));
                        try (SessionLease held = pool.lease(spec, HOLDER, place -> {}, new Cancellation())
                                .get(30, TimeUnit.SECONDS)) {
                            held.retire(RetireReason.FAILED);
                        } catch (ExecutionException e) {
                            assertThat(e.getCause()).isInstanceOfAny(ConnectFailed.class, HostUnavailable.class);
                            unavailable.addAndGet(e.getCause() instanceof HostUnavailable ? 1 : 0);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> caller : done) {
                caller.get();
            }
        }
        assertThat(unavailable).hasPositiveValue();
    }

    @Test
    void closingUnderLoadLeavesNothing() throws Exception {
        PoolSettings settings = PoolFixture.limits(2, 4, 2);
        CommonsSessionPool pool =
                new CommonsSessionPool(transport, settings, NanoClock.SYSTEM, executor, executor, scheduler);
        List<CompletableFuture<SessionLease>> asked = new ArrayList<>();
        Future<?> asking = callers.submit(() -> {
            for (int i = 0; i < 2_000; i++) {
                CompletableFuture<SessionLease> one =
                        pool.lease(specs.get(i % specs.size()), HOLDER, place -> {}, new Cancellation());
                one.thenAccept(SessionLease::close);
                asked.add(one);
            }
        });
        await().until(() -> pool.snapshot().opened() > 0);

        pool.close();

        asking.get();
        for (CompletableFuture<SessionLease> one : asked) {
            assertThat(ended(one)).isTrue();
        }
        await().untilAsserted(() -> assertThat(pool.snapshot().hosts()).isEmpty());
        assertThat(transport.openSessions()).isEmpty();
    }

    private static boolean ended(CompletableFuture<SessionLease> asked) throws InterruptedException, TimeoutException {
        try {
            asked.get(10, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof PoolClosed;
        }
    }
}
