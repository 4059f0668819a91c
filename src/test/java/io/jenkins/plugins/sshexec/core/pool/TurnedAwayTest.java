package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that have no room for a connect, or cannot be reached at all: what their callers see. */
@Timeout(60)
class TurnedAwayTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final SshException FULL = ConnectFailed.dropped(WEB1, Stage.BANNER, "closed", null);
    private static final SshException DOWN =
            new ConnectFailed(WEB1, Stage.TCP, "refused", new ConnectException("refused"));

    private final PoolFixture fixture = new PoolFixture(limits(2, 4, 2));
    private final List<SshException> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private void turnAway(int times) {
        IntStream.range(0, times).forEach(i -> fixture.transport.failNext(FULL));
    }

    private CompletableFuture<SessionLease> ask(Cancellation cancellation) {
        return fixture.pool.lease(
                spec("web1"),
                HOLDER,
                new SessionPool.WaitObserver() {
                    @Override
                    public void waiting(int placeInLine) {
                        throw new AssertionError("Nobody stands in line here");
                    }

                    @Override
                    public void connectingAgain(SshException failure) {
                        told.add(failure);
                    }
                },
                cancellation);
    }

    @Test
    void theConnectIsTriedAgainAfterThePauseAndTheCallerIsToldOnce() {
        turnAway(2);
        CompletableFuture<SessionLease> asked = ask(new Cancellation());
        fixture.settle();
        assertThat(asked).isNotDone();
        assertThat(told).containsExactly(FULL);

        fixture.pass(BackOff.LONGEST);
        assertThat(asked).isNotDone();
        fixture.pass(BackOff.LONGEST);

        assertThat(get(asked).reused()).isFalse();
        assertThat(told).hasSize(1);
    }

    @Test
    void allThatWaitForTheSameConnectAreTold() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked = List.of(ask(new Cancellation()), ask(new Cancellation()));
        fixture.transport.nextHeld().fail(FULL);
        fixture.settle();

        assertThat(told).containsExactly(FULL, FULL);
        fixture.pass(BackOff.LONGEST);
        fixture.transport.nextHeld().succeed();
        asked.forEach(PoolFixture::get);
    }

    @Test
    void theConnectTimeoutIsForAllTriesAndEndsWithTheLastFailure() {
        turnAway(HandshakeGate.MAX_TRIES);
        fixture.apply(new PoolSettings(
                1, 1, 1, SETTINGS.maxIdle(), SETTINGS.maxAge(), Duration.ofSeconds(5), SETTINGS.waitTimeout()));
        CompletableFuture<SessionLease> asked = ask(new Cancellation());
        fixture.settle();

        fixture.pass(BackOff.LONGEST);
        assertThat(asked).isNotDone();
        fixture.pass(Duration.ofSeconds(1));

        assertThat(failure(asked)).isSameAs(FULL);
        assertThat(fixture.host("web1").sessionsInUse()).isZero();
    }

    @Test
    void theTriesAreNotWithoutEnd() {
        turnAway(HandshakeGate.MAX_TRIES);
        fixture.apply(new PoolSettings(
                1, 1, 1, SETTINGS.maxIdle(), SETTINGS.maxAge(), Duration.ofMinutes(10), SETTINGS.waitTimeout()));
        CompletableFuture<SessionLease> asked = ask(new Cancellation());
        fixture.settle();

        for (int tries = 1; tries < HandshakeGate.MAX_TRIES; tries++) {
            assertThat(asked).isNotDone();
            fixture.pass(BackOff.LONGEST);
        }

        assertThat(failure(asked)).isSameAs(FULL);
    }

    @Test
    void cancellingDuringThePauseIsHeededAtOnce() {
        turnAway(1);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> asked = ask(cancellation);
        fixture.settle();

        cancellation.cancel();

        assertThat(failure(asked)).isInstanceOf(CancellationException.class);
        fixture.settle();
        assertThat(fixture.transport.sessions()).isEmpty();
    }

    @Test
    void thePoolsEndDuringThePauseIsHeededAtOnce() {
        turnAway(1);
        CompletableFuture<SessionLease> asked = ask(new Cancellation());
        fixture.settle();

        fixture.pool.close();

        assertThat(failure(asked)).isInstanceOf(PoolClosed.class);
    }

    @Test
    void aDeadSessionOfAHostThatIsJustBeingRestartedIsReplacedInTime() {
        SessionLease first = get(ask(new Cancellation()));
        first.close();
        fixture.session(first).drop();
        fixture.transport.failNext(DOWN);

        CompletableFuture<SessionLease> asked = ask(new Cancellation());
        fixture.settle();
        fixture.pass(BackOff.FIRST);

        assertThat(get(asked).reused()).isFalse();
        assertThat(told).containsExactly(DOWN);
    }

    @Test
    void aHostThatCannotBeReachedFailsItsWholeLineAtOnceWithTheReason() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(fixture.ask(spec("web1", "user" + i, "secret")));
        }

        while (asked.stream().anyMatch(one -> !one.isDone())) {
            fixture.transport.nextHeld().fail(DOWN);
            fixture.settle();
        }

        assertThat(asked.stream().map(PoolFixture::failure)).allSatisfy(failure -> assertThat(failure)
                .satisfiesAnyOf(shown -> assertThat(shown).isSameAs(DOWN), shown -> assertThat(shown)
                        .isInstanceOfSatisfying(HostUnavailable.class, told -> assertThat(told.lastFailure())
                                .isSameAs(DOWN))));
        assertThat(asked.stream().map(PoolFixture::failure).filter(HostUnavailable.class::isInstance))
                .hasSizeGreaterThanOrEqualTo(asked.size() - HostCircuit.FAILURES_TO_OPEN - 1);
        assertThat(fixture.pool.snapshot().outages()).singleElement().satisfies(outage -> {
            assertThat(outage.endpoint()).isEqualTo(WEB1);
            assertThat(outage.open()).isTrue();
            assertThat(outage.lastFailure()).isSameAs(DOWN);
        });
    }

    @Test
    void anOpenCircuitLeavesLiveSessionsAlone() {
        fixture.lease("web1").close();
        for (int i = 0; i < HostCircuit.FAILURES_TO_OPEN; i++) {
            fixture.transport.failNext(DOWN);
            failure(fixture.ask(spec("web1", "other", "secret")));
        }
        assertThat(failure(fixture.ask(spec("web1", "other", "secret")))).isInstanceOf(HostUnavailable.class);

        assertThat(fixture.lease("web1").reused()).isTrue();
    }

    @Test
    void afterTheRestTheNextCallerFindsTheHostBack() {
        for (int i = 0; i < HostCircuit.FAILURES_TO_OPEN; i++) {
            fixture.transport.failNext(DOWN);
            failure(fixture.ask("web1"));
        }
        fixture.pass(HostCircuit.FIRST_REST);

        assertThat(fixture.lease("web1").reused()).isFalse();
        assertThat(fixture.pool.snapshot().outages()).isEmpty();
    }
}
