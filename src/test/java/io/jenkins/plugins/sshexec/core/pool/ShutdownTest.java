package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.testing.FakeTransport.FakeSession;
import io.jenkins.plugins.sshexec.testing.FakeTransport.HeldCall;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool's end, wherever its leases are. */
@Timeout(60)
class ShutdownTest {

    private final PoolFixture fixture = new PoolFixture(limits(1, 3, 2));

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private static void assertPoolClosed(CompletableFuture<SessionLease> asked) {
        assertThat(failure(asked)).isInstanceOf(PoolClosed.class);
    }

    @Test
    void noLeaseSucceedsAfterwards() {
        fixture.pool.close();

        assertPoolClosed(fixture.ask("web1"));
    }

    @Test
    void idleAndLeasedSessionsAreClosedAtOnceAndCounted() {
        fixture.lease("web1").close();
        SessionLease leased = fixture.lease("web2");

        fixture.pool.close();

        assertThat(fixture.transport.sessions()).allMatch(FakeSession::isClosed);
        assertThat(fixture.pool.snapshot().retired()).isEqualTo(Map.of(RetireReason.SHUTDOWN, 2L));
        leased.close();
        assertThat(fixture.pool.snapshot().hosts()).isEmpty();
        assertThat(fixture.pool.snapshot().retired()).isEqualTo(Map.of(RetireReason.SHUTDOWN, 2L));
    }

    @Test
    void thoseInLineFail() {
        fixture.lease("web1");
        CompletableFuture<SessionLease> waiting = fixture.ask(spec("web1", "other", "secret"));
        fixture.settle();

        fixture.pool.close();

        assertPoolClosed(waiting);
    }

    @Test
    void connectsAreBrokenOffForAllThatWaitForThem() {
        fixture.transport.holdConnects(true);
        CompletableFuture<SessionLease> opener = fixture.ask("web1");
        CompletableFuture<SessionLease> joiner = fixture.ask("web1");
        fixture.transport.nextHeld();

        fixture.pool.close();

        assertPoolClosed(opener);
        assertPoolClosed(joiner);
        assertThat(fixture.transport.holding()).isZero();
    }

    @Test
    void checksAreBrokenOff() {
        fixture.lease("web1").close();
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.transport.holdChecks(true);
        CompletableFuture<SessionLease> asked = fixture.ask("web1");
        fixture.transport.nextHeld();

        fixture.pool.close();

        assertPoolClosed(asked);
    }

    @Test
    void aConnectThatEndsTooLateIsClosed() {
        fixture.transport.duringIo(fixture.pool::close);

        assertPoolClosed(fixture.ask("web1"));

        assertThat(fixture.transport.sessions()).singleElement().matches(FakeSession::isClosed);
    }

    @Test
    void thoseWaitingForTheirTurnFail() {
        fixture.apply(limits(2, 3, 1));
        fixture.transport.holdConnects(true);
        CompletableFuture<SessionLease> first = fixture.ask("web1");
        HeldCall handshake = fixture.transport.nextHeld();
        CompletableFuture<SessionLease> second = fixture.ask("web1");
        fixture.settle();

        fixture.pool.close();

        assertPoolClosed(first);
        assertPoolClosed(second);
        assertThat(handshake.key().user()).isEqualTo("deploy");
        assertThat(fixture.transport.sessions()).isEmpty();
    }

    @Test
    void callersGetTheirAnswerEvenWhereTheThreadsWentFirst() {
        fixture.lease("web1");
        fixture.ask("web1");
        CompletableFuture<SessionLease> waiting = fixture.ask(spec("web1", "other", "secret"));
        fixture.settle();
        fixture.stopThreads();

        fixture.pool.close();

        assertPoolClosed(waiting);
        assertPoolClosed(fixture.ask("web2"));
    }

    @Test
    void closingTwiceAndLookingAfterwardsDoNothing() {
        fixture.pool.close();

        fixture.pool.close();
        fixture.pool.evictExpired();
        fixture.pool.apply(limits(1, 1, 1));

        assertThat(fixture.pool.snapshot().hosts()).isEmpty();
    }
}
