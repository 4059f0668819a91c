package io.jenkins.plugins.sshexec.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.FakeTransport;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool on a {@link FakeTransport}, a clock that the test moves, and real threads whose work the test can wait for:
 * after {@link #settle} nothing happens any more until the test does something.
 */
final class PoolFixture implements AutoCloseable {

    static final PoolSettings SETTINGS = new PoolSettings(
            2, 4, 1, Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofSeconds(15), Duration.ofSeconds(60));

    static final LeaseHolder HOLDER = new LeaseHolder("shop", "shop #1", "job/shop/1/");

    private static final LoginFingerprint.Maker FINGERPRINTS = new LoginFingerprint.Maker();

    final FakeTransport transport = new FakeTransport();
    final ManualClock clock = new ManualClock();
    final ManualScheduler scheduler = new ManualScheduler(clock);
    final CommonsSessionPool pool;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Tasks handed to the executor and not ended. */
    private final AtomicInteger tasks = new AtomicInteger();

    PoolFixture(PoolSettings settings) {
        promise(settings);
        pool = new CommonsSessionPool(transport, settings, clock, this::execute, this::execute, scheduler);
    }

    /** Changes the settings, and the limits that the transport checks. */
    void apply(PoolSettings settings) {
        promise(settings);
        pool.apply(settings);
    }

    private void promise(PoolSettings settings) {
        transport.setLimits(new FakeTransport.Limits(
                settings.sessionsPerHost(),
                settings.sessionsInTotal(),
                2 * settings.sessionsInTotal(),
                settings.channelsPerSession(),
                HandshakeGate.MAX_PER_HOST));
    }

    static PoolSettings limits(int perHost, int total, int channels) {
        return new PoolSettings(
                perHost,
                total,
                channels,
                SETTINGS.maxIdle(),
                SETTINGS.maxAge(),
                SETTINGS.connectTimeout(),
                SETTINGS.waitTimeout());
    }

    private void execute(Runnable task) {
        tasks.incrementAndGet();
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    tasks.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            tasks.decrementAndGet();
            throw e;
        }
    }

    /** Ends the executor before its pool. */
    void stopThreads() {
        threads.shutdown();
    }

    /** Waits until every task of the pool has ended or is held by the transport. */
    void settle() {
        await().pollInterval(Duration.ofMillis(1)).until(() -> tasks.get() == transport.holding());
    }

    /** Moves time on, lets the timers that are due go off, and settles. */
    void pass(Duration time) {
        clock.advance(time);
        scheduler.runDue();
        settle();
    }

    static SessionSpec spec(String host) {
        return spec(host, "deploy", "secret");
    }

    static SessionSpec spec(String host, String user, String password) {
        return spec(new Endpoint(host, 22), user, password, "any");
    }

    static SessionSpec spec(Endpoint endpoint, String user, String password, String policyId) {
        return spec(endpoint, user, password, policyId, Algorithms.MODERN);
    }

    static SessionSpec spec(Endpoint endpoint, String user, String password, String policyId, Algorithms algorithms) {
        Login login = new Login.PasswordLogin(user, SecretBytes.of(password));
        return SessionSpec.of(endpoint, login, new AnyKey(policyId), algorithms, FINGERPRINTS);
    }

    CompletableFuture<SessionLease> ask(SessionSpec spec) {
        return pool.lease(spec, HOLDER, place -> {}, new Cancellation());
    }

    CompletableFuture<SessionLease> ask(String host) {
        return ask(spec(host));
    }

    CompletableFuture<SessionLease> ask(String host, Cancellation cancellation) {
        return pool.lease(spec(host), HOLDER, place -> {}, cancellation);
    }

    SessionLease lease(String host) {
        return get(ask(host));
    }

    static SessionLease get(CompletableFuture<SessionLease> asked) {
        try {
            return asked.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** How a request failed. */
    static Throwable failure(CompletableFuture<SessionLease> asked) {
        return asked.handle((lease, failure) -> {
                    assertThat(failure).as("a failure, not " + lease).isNotNull();
                    return failure;
                })
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    FakeTransport.FakeSession session(SessionLease lease) {
        return (FakeTransport.FakeSession) lease.session();
    }

    long retired(RetireReason reason) {
        return pool.snapshot().retired().getOrDefault(reason, 0L);
    }

    /** The row of a host, or an empty one. */
    PoolSnapshot.Host host(String name) {
        Endpoint endpoint = new Endpoint(name, 22);
        return pool.snapshot().hosts().stream()
                .filter(row -> row.endpoint().equals(endpoint))
                .findFirst()
                .orElse(new PoolSnapshot.Host(endpoint, 0, 0, 0, List.of(), false));
    }

    /** Ends the pool; it must have kept all limits, and leave nothing. */
    @Override
    public void close() {
        pool.close();
        settle();
        threads.shutdown();
        assertThat(transport.breaches()).isEmpty();
        assertThat(transport.openSessions()).as("sessions left open").isEmpty();
        assertThat(scheduler.pending()).as("timers left").isZero();
    }

    /** Accepts every server. */
    private record AnyKey(String id) implements HostKeyPolicy {
        @Override
        public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
            return new HostKeyVerdict.Accepted();
        }

        @Override
        public List<String> knownKeyTypes(Endpoint endpoint) {
            return List.of();
        }
    }
}
