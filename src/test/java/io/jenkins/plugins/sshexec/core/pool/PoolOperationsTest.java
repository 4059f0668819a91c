package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.FakeTransport.HeldCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an administrator does to a pool that works. */
@Timeout(60)
class PoolOperationsTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);

    private final PoolFixture fixture = new PoolFixture(limits(2, 4, 2));
    private final PoolOperations operations = fixture.pool.operations();

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private PoolSnapshot.Session only() {
        assertThat(fixture.pool.snapshot().sessions()).hasSize(1);
        return fixture.pool.snapshot().sessions().get(0);
    }

    @Test
    void evictingIdleSessionsLeavesThoseInUse() {
        fixture.lease("web1").close();
        fixture.lease("web2").close();
        SessionLease leased = fixture.lease("web3");

        assertThat(operations.evictIdle()).isEqualTo(2);

        assertThat(fixture.transport.openSessions()).containsExactly(fixture.session(leased));
        assertThat(fixture.retired(RetireReason.EVICTED)).isEqualTo(2);
        leased.close();
        assertThat(only().idle()).isTrue();
        assertThat(only().ending()).isFalse();
    }

    @Test
    void anIdleSessionIsEvictedByItsNumberAtOnce() {
        fixture.lease("web1").close();
        SessionLease other = fixture.lease("web2");
        long id = fixture.pool.snapshot().sessions().get(0).id();

        assertThat(operations.evict(id)).isTrue();

        assertThat(fixture.transport.openSessions()).containsExactly(fixture.session(other));
        assertThat(fixture.retired(RetireReason.EVICTED)).isOne();
        assertThat(operations.evict(id)).isFalse();
    }

    @Test
    void aLeasedSessionIsEvictedWhenItsLastLeaseEnds() {
        SessionLease one = fixture.lease("web1");
        SessionLease other = fixture.lease("web1");
        assertThat(operations.evict(only().id())).isTrue();
        assertThat(only().ending()).isTrue();

        SessionLease later = fixture.lease("web1");

        assertThat(later.session()).isNotSameAs(one.session());
        one.close();
        assertThat(fixture.session(one).isClosed()).isFalse();
        other.close();
        assertThat(fixture.session(other).isClosed()).isTrue();
        assertThat(fixture.retired(RetireReason.EVICTED)).isOne();
        later.close();
        assertThat(fixture.session(later).isClosed()).isFalse();
    }

    @Test
    void theNumberOfASessionThatWasReplacedMeansNoOther() {
        SessionLease first = fixture.lease("web1");
        long id = only().id();
        first.close();
        fixture.session(first).drop();
        SessionLease second = fixture.lease("web1");
        assertThat(second.session()).isNotSameAs(first.session());

        assertThat(operations.evict(id)).isFalse();

        assertThat(only().ending()).isFalse();
        assertThat(only().id()).isNotEqualTo(id);
    }

    @Test
    void aSessionEvictedWhileItIsCheckedIsLentOnceMoreAndThenClosed() {
        fixture.lease("web1").close();
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.transport.holdChecks(true);
        CompletableFuture<SessionLease> asked = fixture.ask("web1");
        HeldCall check = fixture.transport.nextHeld();

        operations.evict(only().id());
        check.succeed();

        SessionLease lease = get(asked);
        assertThat(fixture.session(lease).isClosed()).isFalse();
        lease.close();
        assertThat(fixture.session(lease).isClosed()).isTrue();
    }

    @Test
    void drainingAHostClosesItsSessionsAndNoOther() {
        fixture.lease("web1").close();
        SessionLease leased = fixture.lease("web1");
        SessionLease second = get(fixture.ask(spec("web1", "root", "secret")));
        second.close();
        SessionLease elsewhere = fixture.lease("web2");

        assertThat(operations.drain(WEB1)).isEqualTo(2);

        assertThat(fixture.session(second).isClosed()).isTrue();
        assertThat(fixture.session(leased).isClosed()).isFalse();
        SessionLease fresh = fixture.lease("web1");
        assertThat(fresh.session()).isNotSameAs(leased.session());
        leased.close();
        assertThat(fixture.session(leased).isClosed()).isTrue();
        assertThat(fixture.retired(RetireReason.DRAINED)).isEqualTo(2);
        assertThat(fixture.session(elsewhere).isClosed()).isFalse();
    }

    @Test
    void aPausedHostLendsNothingUntilItIsResumed() {
        fixture.lease("web1").close();
        operations.pause(WEB1);
        CompletableFuture<SessionLease> first = fixture.ask("web1");
        CompletableFuture<SessionLease> second = fixture.ask(spec("web1", "root", "secret"));
        SessionLease elsewhere = fixture.lease("web2");
        fixture.settle();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(fixture.host("web1").paused()).isTrue();
        assertThat(fixture.host("web1").waiting()).isEqualTo(2);

        operations.resume(WEB1);

        assertThat(get(first).reused()).isTrue();
        assertThat(get(second).reused()).isFalse();
        assertThat(fixture.host("web1").paused()).isFalse();
        assertThat(fixture.session(elsewhere).isClosed()).isFalse();
    }

    @Test
    void leasesThatAreOutDoNotMindAPause() {
        SessionLease leased = fixture.lease("web1");
        fixture.transport.holdConnects(true);
        CompletableFuture<SessionLease> connecting = fixture.ask(spec("web1", "root", "secret"));
        HeldCall connect = fixture.transport.nextHeld();

        operations.pause(WEB1);
        connect.succeed();

        SessionLease connected = get(connecting);
        assertThat(fixture.session(leased).isOpen()).isTrue();
        assertThat(fixture.session(connected).isOpen()).isTrue();
    }

    @Test
    void waitersAreToldOfAPauseWheneverItBegins() {
        fixture.apply(limits(1, 4, 1));
        SessionLease first = fixture.lease("web1");
        List<String> news = new CopyOnWriteArrayList<>();
        CompletableFuture<SessionLease> before = fixture.pool.lease(
                spec("web1"), HOLDER, new Recorder("before", news, new CountDownLatch(0)), new Cancellation());
        operations.pause(WEB1);
        fixture.settle();
        fixture.pool.lease(
                spec("web1"), HOLDER, new Recorder("after", news, new CountDownLatch(0)), new Cancellation());
        fixture.settle();
        assertThat(news).containsExactly("before 1", "before paused", "after 2", "after paused");

        operations.pause(WEB1);
        operations.resume(WEB1);
        first.close();
        get(before);
        operations.pause(WEB1);
        fixture.settle();

        assertThat(news).containsExactly("before 1", "before paused", "after 2", "after paused", "after paused");
        operations.resume(WEB1);
    }

    @Test
    void aWaiterHearsOfThePauseBeforeItHasTheLease() {
        operations.pause(WEB1);
        List<String> news = new CopyOnWriteArrayList<>();
        CountDownLatch mayHear = new CountDownLatch(1);
        CompletableFuture<SessionLease> asked = CompletableFuture.supplyAsync(() -> fixture.pool.lease(
                        spec("web1"), HOLDER, new Recorder("waiter", news, mayHear), new Cancellation()))
                .thenCompose(future -> future);
        CompletableFuture<Void> granted = asked.thenAccept(lease -> news.add("granted"));
        while (fixture.host("web1").waiting() == 0) {
            Thread.onSpinWait();
        }

        operations.resume(WEB1);
        mayHear.countDown();

        granted.join();
        assertThat(news).containsExactly("waiter 1", "waiter paused", "granted");
    }

    @Test
    void anObserverThatFailsLosesNoLease() {
        operations.pause(WEB1);
        SessionPool.WaitObserver broken = new SessionPool.WaitObserver() {
            @Override
            public void waiting(int placeInLine) {
                throw new AssertionError("the build's log is gone");
            }

            @Override
            public void paused() {
                throw new AssertionError("the build's log is gone");
            }
        };
        CompletableFuture<SessionLease> asked = fixture.pool.lease(spec("web1"), HOLDER, broken, new Cancellation());

        operations.resume(WEB1);

        assertThat(get(asked).session()).isNotNull();
    }

    @Test
    void nobodyIsGivenUpForHavingWaitedThroughAPause() {
        operations.pause(WEB1);
        CompletableFuture<SessionLease> asked = fixture.ask("web1");
        fixture.settle();

        fixture.pass(SETTINGS.waitTimeout().multipliedBy(3));
        fixture.pass(SETTINGS.waitTimeout());
        assertThat(asked).isNotDone();

        operations.resume(WEB1);
        get(asked);
    }

    @Test
    void thePatienceOfAWaiterStillEndsAfterAPause() {
        fixture.apply(limits(1, 4, 1));
        SessionLease first = fixture.lease("web1");
        CompletableFuture<SessionLease> asked = fixture.ask("web1");
        fixture.settle();
        operations.pause(WEB1);
        fixture.pass(SETTINGS.waitTimeout());
        operations.resume(WEB1);
        assertThat(asked).isNotDone();

        fixture.pass(SETTINGS.waitTimeout());

        assertThat(PoolFixture.failure(asked)).isInstanceOf(PoolTimeout.class);
        assertThat(fixture.pool.snapshot().refused()).containsEntry(RefusalReason.WAIT_TIMEOUT, 1L);
        first.close();
    }

    @Test
    void aCancelledWaiterLeavesThePausedLine() {
        operations.pause(WEB1);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> asked = fixture.ask("web1", cancellation);
        fixture.settle();

        cancellation.cancel();

        assertThat(PoolFixture.failure(asked)).isInstanceOf(CancellationException.class);
        assertThat(fixture.host("web1").waiting()).isZero();
        assertThat(fixture.pool.snapshot().refused()).containsEntry(RefusalReason.CANCELLED, 1L);
    }

    /** Otherwise a line that nobody may serve would keep seats of busy hosts free for itself. */
    @Test
    void aPausedLineTakesNothingFromOtherHosts() {
        fixture.apply(limits(2, 2, 2));
        operations.pause(WEB1);
        fixture.ask("web1");
        fixture.settle();
        List<SessionLease> leases = List.of(
                fixture.lease("web2"),
                fixture.lease("web2"),
                get(fixture.ask(spec("web2", "root", "secret"))),
                get(fixture.ask(spec("web2", "root", "secret"))));
        leases.get(0).close();

        CompletableFuture<SessionLease> again = fixture.ask("web2");

        assertThat(get(again).session()).isSameAs(leases.get(1).session());
    }

    @Test
    void aPauseIsRememberedWhereTheHostHasNoSessions() {
        operations.pause(WEB1);
        fixture.pool.evictExpired();
        assertThat(fixture.pool.snapshot().hosts()).singleElement().satisfies(host -> assertThat(host.paused())
                .isTrue());

        operations.resume(WEB1);
        fixture.pool.evictExpired();
        assertThat(fixture.pool.snapshot().hosts()).isEmpty();
    }

    @Test
    void thePoolsEndReachesAPausedLine() {
        operations.pause(WEB1);
        CompletableFuture<SessionLease> asked = fixture.ask("web1");
        fixture.settle();

        fixture.pool.close();

        assertThat(PoolFixture.failure(asked)).isInstanceOf(PoolClosed.class);
        operations.pause(WEB1);
        operations.resume(WEB1);
        assertThat(operations.drain(WEB1) + operations.evictIdle()).isZero();
    }

    /** Writes down what it hears; the first thing only when it may. */
    private record Recorder(String name, List<String> news, CountDownLatch mayHear)
            implements SessionPool.WaitObserver {
        @Override
        public void waiting(int placeInLine) {
            try {
                mayHear.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            news.add(name + " " + placeInLine);
        }

        @Override
        public void paused() {
            news.add(name + " paused");
        }
    }
}
