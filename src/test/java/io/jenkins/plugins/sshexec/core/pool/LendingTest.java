package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.FakeTransport;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the pool as a whole leaves to chance: the moment between an administrator's mark on an idle session and its end. */
class LendingTest {

    private final FakeTransport transport = new FakeTransport();
    private final ManualClock clock = new ManualClock();
    private final PoolCounters counters = new PoolCounters();
    private final TimedExecutor threads = new TimedExecutor(Runnable::run, new ManualScheduler(clock));
    private final SessionStore store = new SessionStore(() -> SETTINGS, clock, counters);
    private final LeaseQueue queue = new LeaseQueue(() -> SETTINGS, clock, seated -> {});
    private final Lending lending = new Lending(
            store,
            queue,
            new SessionConnector(transport, clock, threads, threads, () -> 0),
            counters,
            () -> SETTINGS,
            threads,
            lease -> {});

    @Test
    void markedSessionIsReplacedInsteadOfLent() throws Exception {
        SessionSpec spec = spec("web1");
        store.resize(2);
        PooledSession session = store.borrow(spec.key());
        session.connecting();
        SshSession marked = transport.connect(spec, Duration.ofSeconds(1), new Cancellation());
        session.connected(marked);
        store.giveBack(session);
        assertThat(session.retireIdle(RetireReason.EVICTED)).isTrue();

        PooledLease lease = new PooledLease(spec, HOLDER, place -> {}, null);
        queue.enter(lease, () -> lending.carryAtOnce(lease));

        assertThat(get(lease.future()).session()).isNotSameAs(marked);
        assertThat(marked.isOpen()).isFalse();
    }
}
