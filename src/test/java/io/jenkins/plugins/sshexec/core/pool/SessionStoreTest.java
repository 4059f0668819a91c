package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.FakeTransport;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The use of commons-pool2, without the queue that keeps its borrowers within limits. */
@Timeout(60)
class SessionStoreTest {

    private static final SessionSpec WEB1 = spec("web1");
    private static final SessionKey WEB2 = spec("web2").key();

    private final FakeTransport transport = new FakeTransport();
    private final ManualClock clock = new ManualClock();
    private final PoolCounters counters = new PoolCounters();

    private PooledSession connected(SessionStore store) throws Exception {
        PooledSession session = store.borrow(WEB1.key());
        SshSession connection = transport.connect(WEB1, Duration.ofSeconds(1), new Cancellation());
        session.connecting();
        session.connected(connection);
        return session;
    }

    @Test
    void borrowingMakesRoomByClosingTheSessionLongestIdle() throws Exception {
        SessionStore store = new SessionStore(() -> SETTINGS, clock, counters);
        store.resize(2);
        PooledSession session = connected(store);
        PooledSession other = store.borrow(WEB1.key());
        store.giveBack(session);

        store.borrow(WEB2);

        assertThat(session.state()).isEqualTo(PooledSession.State.CLOSED);
        assertThat(store.sessions()).contains(other).doesNotContain(session).hasSize(2);
    }

    /** Else commons-pool2 2.13.1 may destroy one session twice, and count wrongly ever after. */
    @Test
    void evictionAndMakingRoomWaitForEachOther() throws Exception {
        CountDownLatch evicting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SessionStore store = new SessionStore(
                () -> {
                    evicting.countDown();
                    awaits(goOn);
                    return SETTINGS;
                },
                clock,
                counters);
        store.resize(1);
        store.giveBack(connected(store));
        FutureTask<Void> eviction = new FutureTask<>(store::evict, null);
        FutureTask<PooledSession> borrowing = new FutureTask<>(() -> store.borrow(WEB2));
        Thread evictor = new Thread(eviction);
        Thread borrower = new Thread(borrowing);

        evictor.start();
        awaits(evicting);
        borrower.start();
        await().until(() -> borrower.getState() == Thread.State.WAITING);
        goOn.countDown();

        eviction.get(10, TimeUnit.SECONDS);
        assertThat(borrowing.get(10, TimeUnit.SECONDS).key()).isEqualTo(WEB2);
        assertThat(store.sessions()).hasSize(1);
    }

    private static void awaits(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
