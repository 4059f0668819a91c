package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.FakeTransport.HeldCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Up to three leases on one session: who joins, and what becomes of them when the session or its opener fails. */
@Timeout(60)
class SharedSessionTest {

    private static final SshException REFUSED_CONNECTION =
            new ConnectFailed(new Endpoint("web1", 22), Stage.TCP, "Connection refused", null);

    private final PoolFixture fixture = new PoolFixture(limits(2, 4, 3));

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    @Test
    void leasesOfOneKeyShareASessionUntilItIsFull() {
        List<SessionLease> leases =
                Stream.of("web1", "web1", "web1", "web1").map(fixture::lease).toList();

        assertThat(leases.subList(0, 3))
                .extracting(SessionLease::session)
                .containsOnly(leases.get(0).session());
        assertThat(leases.get(3).session()).isNotSameAs(leases.get(0).session());
        assertThat(leases).extracting(SessionLease::reused).containsExactly(false, true, true, false);
        assertThat(fixture.host("web1").sessionsInUse()).isEqualTo(2);
        assertThat(fixture.host("web1").leases()).isEqualTo(4);
    }

    @Test
    void differentLoginsShareNoSession() {
        SessionLease one = fixture.lease("web1");

        assertThat(get(fixture.ask(spec("web1", "deploy", "other"))).session()).isNotSameAs(one.session());
    }

    @Test
    void theSessionGoesBackWithItsLastLease() {
        SessionLease one = fixture.lease("web1");
        SessionLease other = fixture.lease("web1");

        one.close();
        one.close();
        assertThat(fixture.host("web1").sessionsIdle()).isZero();

        other.close();
        assertThat(fixture.host("web1").sessionsIdle()).isEqualTo(1);
        assertThat(fixture.host("web1").leases()).isZero();
    }

    @Test
    void aRetiredSessionIsClosedWithItsLastLeaseAndTakesNoNewOne() {
        SessionLease one = fixture.lease("web1");
        SessionLease other = fixture.lease("web1");

        one.retire(RetireReason.FAILED);
        one.close();

        assertThat(fixture.session(other).isClosed()).isFalse();
        assertThat(fixture.lease("web1").session()).isNotSameAs(other.session());
        other.close();
        assertThat(fixture.session(other).isClosed()).isTrue();
        assertThat(fixture.retired(RetireReason.FAILED)).isEqualTo(1);
    }

    @Test
    void aSessionInConstantUseTakesNoNewLeaseOverItsAge() {
        SessionLease old = fixture.lease("web1");
        fixture.clock.advance(SETTINGS.maxAge().plusNanos(1));

        assertThat(fixture.lease("web1").session()).isNotSameAs(old.session());
    }

    /** Who gives a seat looks at the session's age more than once: here it comes after each of the looks in turn. */
    @Test
    void aSessionThatComesOfAgeBetweenTwoLooksLosesNobodyInLine() {
        boolean cameOfAge = true;
        for (int looks = 1; cameOfAge; looks++) {
            try (PoolFixture pool = new PoolFixture(limits(1, 4, 2))) {
                SessionLease one = pool.lease("web1");
                SessionLease other = pool.lease("web1");
                CompletableFuture<SessionLease> inLine = pool.ask("web1");
                pool.settle();
                assertThat(inLine).isNotDone();

                pool.clock.advanceAfter(looks, SETTINGS.maxAge().plusNanos(1));
                one.close();
                cameOfAge = !pool.clock.isToAdvance();
                other.close();

                assertThat(inLine)
                        .as("in line while the session comes of age after look %d", looks)
                        .succeedsWithin(Duration.ofSeconds(10))
                        .satisfies(SessionLease::close);
            }
        }
    }

    @Test
    void joinersOfOneOpeningWaitForTheSameConnect() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked =
                Stream.of("web1", "web1", "web1").map(fixture::ask).toList();
        HeldCall connect = fixture.transport.nextHeld();
        fixture.settle();
        assertThat(fixture.host("web1"))
                .isEqualTo(new PoolSnapshot.Host(new Endpoint("web1", 22), 3, 1, 0, List.of(), false));

        connect.succeed();

        assertThat(asked.stream()
                        .map(PoolFixture::get)
                        .map(SessionLease::session)
                        .distinct())
                .hasSize(1);
        assertThat(fixture.pool.snapshot().opened()).isEqualTo(1);
    }

    @Test
    void aFailedOpeningFailsAllItsLeases() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked =
                Stream.of("web1", "web1", "web1").map(fixture::ask).toList();

        fixture.transport.nextHeld().fail(REFUSED_CONNECTION);

        assertThat(asked).allSatisfy(one -> assertThat(failure(one)).isSameAs(REFUSED_CONNECTION));
        assertThat(fixture.host("web1").sessionsInUse()).isZero();
    }

    @Test
    void aCancelledJoinerLeavesTheOpeningAlone() {
        fixture.transport.holdConnects(true);
        CompletableFuture<SessionLease> opener = fixture.ask("web1");
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> joiner = fixture.ask("web1", cancellation);
        HeldCall connect = fixture.transport.nextHeld();

        cancellation.cancel();

        assertThat(failure(joiner)).isInstanceOf(CancellationException.class);
        assertThat(fixture.host("web1").leases()).isEqualTo(1);
        connect.succeed();
        assertThat(get(opener)).isNotNull();
    }

    @Test
    void whenTheOpenerIsCancelledTheNextLeaseConnectsWithItsOwnLogin() {
        fixture.transport.holdConnects(true);
        Cancellation cancellation = new Cancellation();
        SessionSpec openersSpec = spec("web1");
        CompletableFuture<SessionLease> opener = fixture.pool.lease(openersSpec, HOLDER, place -> {}, cancellation);
        opener.whenComplete((lease, failure) -> openersSpec.login().wipe());
        CompletableFuture<SessionLease> joiner = fixture.ask("web1");
        fixture.transport.nextHeld();

        cancellation.cancel();

        assertThat(failure(opener)).isInstanceOf(CancellationException.class);
        fixture.transport.nextHeld().succeed();
        assertThat(get(joiner).reused()).isFalse();
    }

    @Test
    void theSeatOfACancelledOpenerGoesToWhoIsInLine() {
        fixture.apply(limits(1, 4, 2));
        fixture.transport.holdConnects(true);
        Cancellation cancellation = new Cancellation();
        fixture.ask("web1", cancellation);
        CompletableFuture<SessionLease> joiner = fixture.ask("web1");
        CompletableFuture<SessionLease> third = fixture.ask("web1");
        fixture.transport.nextHeld();
        assertThat(fixture.host("web1").waiting()).isEqualTo(1);

        cancellation.cancel();

        fixture.transport.nextHeld().succeed();
        assertThat(get(third).session()).isSameAs(get(joiner).session());
    }

    @Test
    void anOpeningThatNobodyWantsIsBrokenOff() {
        fixture.transport.holdConnects(true);
        Cancellation cancellation = new Cancellation();
        List<CompletableFuture<SessionLease>> asked = Stream.of("web1", "web1")
                .map(host -> fixture.ask(host, cancellation))
                .toList();
        fixture.transport.nextHeld();

        cancellation.cancel();

        assertThat(asked).allSatisfy(one -> assertThat(failure(one)).isInstanceOf(CancellationException.class));
        fixture.settle();
        assertThat(fixture.transport.holding()).isZero();
        assertThat(fixture.host("web1").sessionsInUse()).isZero();
    }

    @Test
    void aQuietSharedSessionIsCheckedBeforeAnotherLeaseJoins() {
        SessionLease quiet = fixture.lease("web1");
        fixture.clock.advance(Duration.ofMinutes(30));

        SessionLease joined = fixture.lease("web1");

        assertThat(joined.session()).isSameAs(quiet.session());
        assertThat(fixture.session(quiet).checks()).isEqualTo(1);
    }

    @Test
    void whoWouldJoinADeadSessionGetsAnother() {
        SessionLease stranded = fixture.lease("web1");
        fixture.session(stranded).fallSilent();
        fixture.clock.advance(Duration.ofMinutes(30));

        SessionLease lease = fixture.lease("web1");

        assertThat(lease.session()).isNotSameAs(stranded.session());
        stranded.close();
        assertThat(fixture.retired(RetireReason.DEAD)).isEqualTo(1);
    }

    @Test
    void whoWouldJoinASessionThatFailsMeanwhileGetsAnother() {
        assertThatAJoinerGetsAnother(RetireReason.FAILED, first -> first.retire(RetireReason.FAILED));
    }

    @Test
    void whoWouldJoinASessionThatIsDrainedMeanwhileGetsAnother() {
        assertThatAJoinerGetsAnother(
                RetireReason.DRAINED, first -> fixture.pool.operations().drain(new Endpoint("web1", 22)));
    }

    /** Who has its seat already, and waits for the session's check, when the session is retired. */
    private void assertThatAJoinerGetsAnother(RetireReason reason, Consumer<SessionLease> retirement) {
        SessionLease first = fixture.lease("web1");
        fixture.clock.advance(Duration.ofMinutes(30));
        fixture.transport.holdChecks(true);
        CompletableFuture<SessionLease> joining = fixture.ask("web1");
        HeldCall check = fixture.transport.nextHeld();
        fixture.transport.holdChecks(false);

        retirement.accept(first);
        check.succeed();

        SessionLease joined = get(joining);
        assertThat(joined.session()).isNotSameAs(first.session());
        first.close();
        fixture.settle();
        assertThat(fixture.retired(reason)).isEqualTo(1);
        joined.close();
    }

    @Test
    void whoComesBackFromADeadSessionIsNextInLine() {
        fixture.apply(limits(1, 4, 3));
        SessionLease stranded = fixture.lease("web1");
        fixture.session(stranded).fallSilent();
        fixture.clock.advance(Duration.ofMinutes(30));
        fixture.transport.holdChecks(true);
        CompletableFuture<SessionLease> joining = fixture.ask("web1");
        HeldCall check = fixture.transport.nextHeld();
        CompletableFuture<SessionLease> later = fixture.ask(spec("web1", "other", "secret"));

        check.answerNothing();
        fixture.settle();
        assertThat(fixture.host("web1").waiting()).isEqualTo(2);
        fixture.transport.holdChecks(false);
        stranded.close();

        get(joining).close();
        get(later).close();
        assertThat(fixture.transport.sessions())
                .extracting(Object::toString)
                .containsExactly(
                        "FakeSession[deploy@web1:22, closed]",
                        "FakeSession[deploy@web1:22]",
                        "FakeSession[other@web1:22]");
    }

    @Test
    void aJoinerCancelledWhileItsSessionIsCheckedGivesItsSeatBack() {
        SessionLease first = fixture.lease("web1");
        fixture.clock.advance(Duration.ofMinutes(30));
        fixture.transport.holdChecks(true);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> joining = fixture.ask("web1", cancellation);
        fixture.transport.nextHeld();

        cancellation.cancel();

        assertThat(failure(joining)).isInstanceOf(CancellationException.class);
        assertThat(fixture.host("web1").leases()).isEqualTo(1);
        assertThat(fixture.session(first).isClosed()).isFalse();
    }

    @Test
    void aRefusedChannelLowersTheHostsSeatsForAWhile() {
        SessionLease one = fixture.lease("web1");
        SessionLease refused = fixture.lease("web1");

        refused.channelRefused();
        refused.close();

        assertThat(fixture.lease("web1").session()).isNotSameAs(one.session());
        assertThat(fixture.lease("web2").session())
                .isSameAs(fixture.lease("web2").session());
        fixture.clock.advance(HostPermits.REFUSAL_MEMORY);
        assertThat(fixture.lease("web1").session()).isSameAs(one.session());
    }

    @Test
    void atLeastOneSeatIsLeftWhateverIsRefused() {
        SessionLease only = fixture.lease("web1");
        only.channelRefused();
        only.close();

        assertThat(fixture.lease("web1").session()).isSameAs(only.session());
    }

    @Test
    void newSettingsForgetRefusals() {
        SessionLease one = fixture.lease("web1");
        one.channelRefused();

        fixture.apply(limits(2, 4, 3));

        assertThat(fixture.lease("web1").session()).isSameAs(one.session());
    }
}
