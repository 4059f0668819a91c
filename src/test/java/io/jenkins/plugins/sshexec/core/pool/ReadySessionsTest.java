package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.FakeTransport;
import io.jenkins.plugins.sshexec.testing.LogLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that are kept ready, where a host has two sessions with one lease each, and all hosts together four. */
@Timeout(60)
class ReadySessionsTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration IDLE_FOR_TOO_LONG = SETTINGS.maxIdle().plus(SOON);

    private final PoolFixture fixture = new PoolFixture(SETTINGS);
    private final FakeTransport transport = fixture.transport;
    private final AtomicInteger connects = new AtomicInteger();
    private final LogLines log = new LogLines(ReadySessions.class);

    @AfterEach
    void nothingIsLeft() {
        log.close();
        fixture.close();
    }

    private static SessionSpec kept(String host, int sessions) {
        return kept(spec(host), sessions);
    }

    private static SessionSpec kept(SessionSpec spec, int sessions) {
        return spec.within(new HostLimits(0, 0, sessions, false));
    }

    /** What the periodic task does. */
    private CompletableFuture<Void> keep(SessionSpec... specs) {
        fixture.pool.evictExpired();
        CompletableFuture<Void> done = fixture.pool.ready().keep(List.of(specs));
        fixture.settle();
        return done;
    }

    private void countConnects() {
        transport.duringIo(connects::incrementAndGet);
    }

    private int idle(String host) {
        return fixture.host(host).sessionsIdle();
    }

    private static ConnectTimeout timeout() {
        return new ConnectTimeout(WEB1, Stage.TCP, SOON, null);
    }

    @Test
    void soManyAreOpenBeforeAnybodyAsks() {
        assertThat(keep(kept("web1", 2))).isCompleted();
        assertThat(idle("web1")).isEqualTo(2);
        assertThat(fixture.host("web1").sessionsInUse()).isZero();
        assertThat(fixture.pool.snapshot().sessions())
                .allSatisfy(session -> assertThat(session.uses()).isZero());

        SessionLease lease = fixture.lease("web1");

        assertThat(lease.reused()).isTrue();
        assertThat(transport.sessions()).hasSize(2);
        assertThat(fixture.pool.snapshot().reused()).isOne();
    }

    @Test
    void aSecondLookOpensNoMore() {
        keep(kept("web1", 1));
        keep(kept("web1", 1));
        assertThat(transport.sessions()).hasSize(1);
    }

    @Test
    void whatDiedIsReplaced() {
        keep(kept("web1", 2));
        transport.sessions().get(0).drop();
        keep(kept("web1", 2));
        assertThat(fixture.retired(RetireReason.DEAD)).isOne();
        assertThat(transport.openSessions()).hasSize(2);
        assertThat(transport.sessions()).hasSize(3);
    }

    @Test
    void soManyAreKeptHoweverLongTheyAreIdleAndOthersAreNot() {
        keep(kept("web1", 1));
        SessionLease first = fixture.lease("web1");
        SessionLease second = fixture.lease("web1");
        first.close();
        second.close();
        fixture.settle();
        fixture.clock.advance(IDLE_FOR_TOO_LONG);
        keep(kept("web1", 1));
        assertThat(idle("web1")).isOne();
        assertThat(fixture.retired(RetireReason.IDLE)).isOne();
        assertThat(transport.sessions()).hasSize(2);
    }

    @Test
    void noneIsKeptBeyondTheMaximumAge() {
        keep(kept("web1", 1));
        fixture.clock.advance(SETTINGS.maxAge().plus(SOON));
        keep(kept("web1", 1));
        assertThat(fixture.retired(RetireReason.AGED)).isOne();
        assertThat(idle("web1")).isOne();
    }

    /** Long idle, it is asked for a sign of life as any other, and is replaced where there is none. */
    @Test
    void oneThatFellSilentIsFoundOutBeforeItIsLent() {
        keep(kept("web1", 1));
        transport.sessions().get(0).fallSilent();
        fixture.clock.advance(IDLE_FOR_TOO_LONG);
        SessionLease lease = fixture.lease("web1");
        assertThat(transport.sessions().get(0).checks()).isOne();
        assertThat(fixture.session(lease)).isSameAs(transport.sessions().get(1));
    }

    @Test
    void aHostHasNoMoreThanItMayHaveInUse() {
        keep(kept("web1", 5));
        assertThat(idle("web1")).isEqualTo(2);
        fixture.lease("web1");
        keep(kept("web1", 5));
        assertThat(idle("web1")).isOne();
        assertThat(transport.sessions()).hasSize(2);
    }

    @Test
    void aHigherLimitOfTheHostHoldsForThoseThatNobodyHasUsed() {
        SessionSpec own = spec("web1").within(new HostLimits(3, 0, 3, false));
        keep(own);
        keep(own);
        assertThat(idle("web1")).isEqualTo(3);
        assertThat(fixture.retired(RetireReason.SETTINGS)).isZero();
    }

    @Test
    void allHostsHaveNoMoreThanTheLimitInTotalAndNobodysSessionIsClosedForThem() {
        SessionLease other = fixture.lease("other");
        other.close();
        fixture.settle();
        keep(kept("web1", 2), kept("web2", 2), kept("web3", 2));
        assertThat(transport.openSessions()).hasSize(4);
        assertThat(idle("other")).isOne();
        assertThat(fixture.pool.snapshot().retired()).isEmpty();
    }

    @Test
    void oneHandshakeAtATimeIsMadeWithAHost() {
        transport.holdConnects(true);
        CompletableFuture<Void> done = keep(kept("web1", 2), kept(spec("web1", "other", "secret"), 1));
        assertThat(transport.holding()).isOne();
        for (int i = 0; i < 3; i++) {
            assertThat(done).isNotDone();
            transport.nextHeld().succeed();
            fixture.settle();
            assertThat(transport.holding()).isLessThanOrEqualTo(1);
        }
        assertThat(done).isCompleted();
    }

    @Test
    void whoWouldHaveToWaitForItsPermitBreaksItOff() {
        fixture.apply(PoolFixture.limits(1, 4, 1));
        transport.holdConnects(true);
        CompletableFuture<Void> done = keep(kept("web1", 1));
        transport.nextHeld();

        CompletableFuture<SessionLease> asked = fixture.ask(spec("web1", "other", "secret"));

        FakeTransport.HeldCall connect = transport.nextHeld();
        assertThat(connect.key().user()).isEqualTo("other");
        connect.succeed();
        get(asked);
        fixture.settle();
        assertThat(done).isCompleted();
        assertThat(transport.sessions()).hasSize(1);
        assertThat(log.seen()).isEmpty();
    }

    @Test
    void soDoesWhoWouldHaveToWaitForTheLastPermitOfAll() {
        fixture.apply(PoolFixture.limits(1, 1, 1));
        transport.holdConnects(true);
        keep(kept("web1", 1));
        transport.nextHeld();
        CompletableFuture<SessionLease> asked = fixture.ask("web2");
        transport.nextHeld().succeed();
        assertThat(fixture.session(get(asked)).endpoint().host()).isEqualTo("web2");
    }

    /** While the caller was there, the opening was not to be broken off. */
    @Test
    void soDoesWhoStoodInLineWhenTheLastCallerThatHadJoinedItLeft() {
        fixture.apply(PoolFixture.limits(1, 1, 1));
        transport.holdConnects(true);
        CompletableFuture<Void> done = keep(kept("web1", 1));
        transport.nextHeld();
        Cancellation joined = new Cancellation();
        fixture.ask("web1", joined);
        CompletableFuture<SessionLease> asked = fixture.ask("web2");
        fixture.settle();
        assertThat(done).isNotDone();

        joined.cancel();
        fixture.settle();

        assertThat(done).isCompleted();
        transport.nextHeld().succeed();
        assertThat(fixture.session(get(asked)).endpoint().host()).isEqualTo("web2");
    }

    @Test
    void soDoesWhomANewLimitLetsThrough() {
        fixture.apply(PoolFixture.limits(1, 2, 1));
        fixture.lease("web2");
        CompletableFuture<SessionLease> asked = fixture.ask("web2");
        transport.holdConnects(true);
        CompletableFuture<Void> done = keep(kept("web1", 1));
        transport.nextHeld();

        fixture.apply(PoolFixture.limits(2, 2, 1));
        fixture.settle();

        assertThat(done).isCompleted();
        transport.nextHeld().succeed();
        assertThat(fixture.session(get(asked)).endpoint().host()).isEqualTo("web2");
    }

    @Test
    void aLineOfAnotherHostHoldsNothingUp() {
        fixture.apply(PoolFixture.limits(1, 4, 1));
        fixture.lease("web2");
        transport.holdConnects(true);
        keep(kept("web1", 1));
        FakeTransport.HeldCall connect = transport.nextHeld();
        assertThat(fixture.ask("web2")).isNotDone();
        connect.succeed();
        fixture.settle();
        assertThat(idle("web1")).isOne();
    }

    @Test
    void whoWantsSuchASessionJoinsItsOpening() {
        transport.holdConnects(true);
        keep(kept("web1", 1));
        assertThat(fixture.host("web1").leases()).isZero();
        CompletableFuture<SessionLease> first = fixture.ask("web1");
        CompletableFuture<SessionLease> second = fixture.ask("web1");
        assertThat(fixture.host("web1").leases()).isEqualTo(2);
        transport.nextHeld().succeed();
        assertThat(fixture.session(get(first))).isSameAs(transport.sessions().get(0));
        transport.nextHeld().succeed();
        get(second);
        assertThat(transport.sessions()).hasSize(2);
    }

    @Test
    void nothingIsOpenedToAHostThatIsPaused() {
        fixture.pool.operations().pause(WEB1);
        assertThat(keep(kept("web1", 1))).isCompleted();
        assertThat(transport.sessions()).isEmpty();
        fixture.pool.operations().resume(WEB1);
        keep(kept("web1", 1));
        assertThat(idle("web1")).isOne();
    }

    @Test
    void aHostThatFailsIsLeftAloneLongerEachTimeAndToldOfTwice() {
        countConnects();
        Duration[] pauses = {
            Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(240)
        };
        for (Duration pause : pauses) {
            transport.failNext(timeout());
            keep(kept("web1", 1));
            int soFar = connects.get();
            fixture.pass(pause.minus(SOON));
            keep(kept("web1", 1));
            assertThat(connects).hasValue(soFar);
            fixture.pass(SOON);
        }
        assertThat(connects).hasValue(pauses.length);
        assertThat(log.seen()).singleElement().asString().startsWith("WARNING").contains("deploy@web1:22", "TCP");

        keep(kept("web1", 1));

        assertThat(idle("web1")).isOne();
        assertThat(log.seen()).hasSize(2).last().isEqualTo("INFO Sessions to deploy@web1:22 are kept ready again");
        assertThat(fixture.pool.snapshot().refused()).as("of callers").isEmpty();
    }

    @Test
    void aHostIsWellAgainWithAsManyAsItMayHave() {
        transport.failNext(timeout());
        keep(kept("web1", 5));
        fixture.pass(ReadyTroubles.FIRST_PAUSE);
        keep(kept("web1", 5));
        assertThat(idle("web1")).isEqualTo(2);
        assertThat(log.seen()).hasSize(2);
    }

    @Test
    void theLongestPauseIsTenMinutes() {
        countConnects();
        for (int i = 0; i < 20; i++) {
            transport.failNext(timeout());
            keep(kept("web1", 1));
            fixture.pass(ReadyTroubles.LONGEST_PAUSE);
        }
        assertThat(connects).hasValue(20);
    }

    @Test
    void aHostThatCallersFoundUnreachableIsNotTried() {
        for (int i = 0; i < HostCircuit.FAILURES_TO_OPEN; i++) {
            transport.failNext(timeout());
            PoolFixture.failure(fixture.ask("web1"));
        }
        countConnects();
        keep(kept("web1", 1));
        assertThat(connects).hasValue(0);
        assertThat(log.seen()).singleElement().asString().contains("not tried");
        assertThat(PoolFixture.failure(fixture.ask("web1"))).isInstanceOf(HostUnavailable.class);
    }

    @Test
    void aLoginThatWasRefusedIsNotTriedAgainBeforeACallerHasLoggedIn() {
        countConnects();
        transport.failNext(new LoginRefused(WEB1, "deploy", "permission denied", null));
        keep(kept("web1", 2));
        fixture.pass(Duration.ofHours(10));
        keep(kept("web1", 2));
        assertThat(connects).hasValue(1);
        assertThat(log.seen()).singleElement().asString().contains("before a command has logged in", "refused");

        fixture.lease("web1").close();
        fixture.pass(SOON);
        keep(kept("web1", 2));

        assertThat(idle("web1")).isEqualTo(2);
        assertThat(log.seen()).hasSize(2);
    }

    /** It may be waiting for somebody to confirm it, and the server counts it as failed. */
    @Test
    void norIsOneThatWasNotAnswered() {
        countConnects();
        transport.failNext(new ConnectTimeout(WEB1, Stage.LOGIN, SOON, null));
        keep(kept("web1", 1));
        fixture.pass(Duration.ofHours(10));
        keep(kept("web1", 1));
        assertThat(connects).hasValue(1);
    }

    /** As where a server lets a user have one session: the second is refused as often as it is tried. */
    @Test
    void aSessionFromBeforeTheRefusalIsNoReasonToTryAgain() {
        keep(kept("web1", 1));
        fixture.pass(SOON);
        countConnects();
        transport.failNext(new LoginRefused(WEB1, "deploy", "too many logins", null));
        keep(kept("web1", 2));
        fixture.pass(SOON);
        keep(kept("web1", 2));
        assertThat(connects).hasValue(1);
        assertThat(idle("web1")).isOne();
    }

    /** Each command that borrows it and gives it back would be followed by a try. */
    @Test
    void norIsOneThatComesBackFromACommand() {
        keep(kept("web1", 1));
        fixture.pass(SOON);
        SessionLease lease = fixture.lease("web1");
        countConnects();
        transport.failNext(new LoginRefused(WEB1, "deploy", "account locked", null));
        keep(kept("web1", 1));
        for (int i = 0; i < 3; i++) {
            lease.close();
            fixture.pass(SOON);
            keep(kept("web1", 1));
            lease = fixture.lease("web1");
            keep(kept("web1", 1));
        }
        assertThat(connects).hasValue(1);
        assertThat(log.seen()).hasSize(1);
    }

    @Test
    void aLoginThatAJumpHostRefusedIsTriedForNoOtherHostBehindIt() {
        SessionSpec jump = spec("jump");
        SessionSpec behind = kept(spec("web1").through(jump), 1);
        SessionSpec other = kept(spec("web2").through(jump), 1);
        countConnects();
        transport.failNext(new LoginRefused(jump.endpoint(), "deploy", "permission denied", null));
        keep(behind);
        fixture.pass(SOON);
        keep(behind, other);
        assertThat(connects).hasValue(1);
        keep(kept("web2", 1));
        assertThat(connects).as("on a way of its own").hasValue(2);

        get(fixture.ask(behind)).close();
        fixture.pass(SOON);
        keep(behind, other);

        assertThat(connects).hasValue(4);
        assertThat(log.seen()).hasSize(2).last().asString().contains("deploy@jump:22", "again");
    }

    @Test
    void aRefusalIsNotForgottenWhereTheLoginIsNotWantedForAMoment() {
        countConnects();
        transport.failNext(new LoginRefused(WEB1, "deploy", "permission denied", null));
        keep(kept("web1", 1));
        keep();
        keep(kept("web1", 1));
        assertThat(connects).hasValue(1);
        assertThat(log.seen()).hasSize(1);

        keep();
        fixture.pass(ReadyTroubles.LONGEST_PAUSE);
        keep();
        keep(kept("web1", 1));
        assertThat(connects).as("long after").hasValue(2);
    }

    @Test
    void aLowerNumberLetsTheOthersIdleOut() {
        keep(kept("web1", 2));
        keep(kept("web1", 1));
        assertThat(idle("web1")).isEqualTo(2);
        fixture.clock.advance(IDLE_FOR_TOO_LONG);
        keep(kept("web1", 1));
        assertThat(idle("web1")).isOne();
        keep();
        fixture.pool.evictExpired();
        assertThat(idle("web1")).isZero();
        assertThat(fixture.retired(RetireReason.IDLE)).isEqualTo(2);
    }

    @Test
    void thoseOfAnOldPasswordIdleOut() {
        keep(kept(spec("web1", "deploy", "old"), 1));
        keep(kept(spec("web1", "deploy", "new"), 1));
        fixture.clock.advance(IDLE_FOR_TOO_LONG);
        keep(kept(spec("web1", "deploy", "new"), 1));
        assertThat(transport.openSessions())
                .containsExactly(transport.sessions().get(1));
    }

    @Test
    void ofTwoNamesOfOneHostTheOneThatKeepsMoreCounts() {
        keep(kept("web1", 1), kept("web1", 2), kept("web1", 1));
        assertThat(idle("web1")).isEqualTo(2);
    }

    @Test
    void theEndOfThePoolEndsTheOpening() {
        transport.holdConnects(true);
        CompletableFuture<Void> done = keep(kept("web1", 1));
        transport.nextHeld();
        fixture.pool.close();
        fixture.settle();
        assertThat(done).isCompleted();
        assertThat(keep(kept("web1", 1))).isCompleted();
        assertThat(transport.sessions()).isEmpty();
        assertThat(log.seen()).isEmpty();
    }
}
