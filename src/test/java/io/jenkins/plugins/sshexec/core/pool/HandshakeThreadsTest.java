package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.FakeTransport;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that do not answer hold all threads for handshakes, which is one here. */
@Timeout(60)
class HandshakeThreadsTest {

    private final FakeTransport transport = new FakeTransport();
    private final ManualClock clock = new ManualClock();
    private final ManualScheduler timer = new ManualScheduler(clock);
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final ExecutorService connector = Executors.newSingleThreadExecutor();
    private final CommonsSessionPool pool =
            new CommonsSessionPool(transport, PoolFixture.SETTINGS, clock, worker, connector, timer);

    @AfterEach
    void stop() {
        pool.close();
        connector.shutdown();
        worker.shutdown();
    }

    @Test
    void idleSessionsAreLentAllTheSame() {
        get(ask("web1", new Cancellation())).close();
        blockTheConnector();

        assertThat(get(ask("web1", new Cancellation())).reused()).isTrue();
    }

    @Test
    void whoIsCancelledWhileWaitingForAThreadLeavesAtOnce() {
        blockTheConnector();
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> asked = ask("web1", cancellation);

        cancellation.cancel();

        assertThat(failure(asked)).isInstanceOf(CancellationException.class);
    }

    @Test
    void waitingForAThreadCountsTowardsTheTimeout() throws Exception {
        blockTheConnector();
        CompletableFuture<SessionLease> asked = ask("web1", new Cancellation());
        worker.submit(() -> {}).get(); // It waits for the connector now.

        clock.advance(PoolFixture.SETTINGS.connectTimeout());
        timer.runDue();

        assertThat(failure(asked)).isInstanceOfSatisfying(ConnectTimeout.class, timeout -> assertThat(timeout.stage())
                .isEqualTo(Stage.WAITING));
    }

    private CompletableFuture<SessionLease> ask(String host, Cancellation cancellation) {
        return pool.lease(spec(host), HOLDER, place -> {}, cancellation);
    }

    private void blockTheConnector() {
        transport.holdConnects(true);
        ask("silent", new Cancellation());
        transport.nextHeld();
    }
}
