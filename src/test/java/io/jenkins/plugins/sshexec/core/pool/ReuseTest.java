package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which lease gets which session, and what makes an idle session unfit to be lent. */
@Timeout(60)
class ReuseTest {

    private static final Duration LONGER_THAN_BYPASS = SessionConnector.BYPASS_WINDOW.plusMillis(1);

    private final PoolFixture fixture = new PoolFixture(SETTINGS);

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    @Test
    void aReturnedSessionServesTheNextLeaseOfItsKey() {
        SessionLease first = fixture.lease("web1");
        SshSession session = first.session();
        first.close();

        SessionLease second = fixture.lease("web1");

        assertThat(first.reused()).isFalse();
        assertThat(second.reused()).isTrue();
        assertThat(second.session()).isSameAs(session);
        assertThat(fixture.pool.snapshot().opened()).isEqualTo(1);
        assertThat(fixture.pool.snapshot().reused()).isEqualTo(1);
    }

    @Test
    void theSessionUsedLastIsLentFirst() {
        SessionLease older = fixture.lease("web1");
        SessionLease newer = fixture.lease("web1");
        older.close();
        newer.close();

        assertThat(fixture.lease("web1").session()).isSameAs(newer.session());
    }

    static Stream<SessionSpec> strangers() {
        Endpoint web1 = new Endpoint("web1", 22);
        return Stream.of(
                spec("web1", "deploy", "other secret"),
                spec("web1", "root", "secret"),
                spec("web2", "deploy", "secret"),
                spec(new Endpoint("web1", 2222), "deploy", "secret", "any"),
                spec(web1, "deploy", "secret", "another policy"),
                PoolFixture.spec(web1, "deploy", "secret", "any", Algorithms.LEGACY));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void differentSecretsUsersServersPoliciesOrAlgorithmsShareNoSession(SessionSpec stranger) {
        SessionLease first = fixture.lease("web1");
        first.close();

        SessionLease other = get(fixture.ask(stranger));

        assertThat(other.reused()).isFalse();
        assertThat(other.session()).isNotSameAs(first.session());
    }

    @Test
    void aSessionUsedJustNowIsLentWithoutCheck() {
        fixture.lease("web1").close();
        fixture.clock.advance(SessionConnector.BYPASS_WINDOW.minusNanos(1));

        assertThat(fixture.session(fixture.lease("web1")).checks()).isZero();
    }

    /** On the caller's thread: to hand it to another would take longer than all the rest. */
    @Test
    void aSessionUsedJustNowIsLentAtOnce() {
        fixture.lease("web1").close();

        assertThat(fixture.ask("web1")).isDone();
    }

    @Test
    void noCallerIsHeldUpByACheck() {
        fixture.lease("web1").close();
        fixture.clock.advance(LONGER_THAN_BYPASS);
        fixture.transport.holdChecks(true);

        CompletableFuture<SessionLease> asked = fixture.ask("web1");

        assertThat(asked).isNotDone();
        fixture.transport.nextHeld().succeed();
        assertThat(get(asked).reused()).isTrue();
    }

    @Test
    void theBypassWindowBeginsWithTheEndOfTheLastLease() {
        SessionLease longCommand = fixture.lease("web1");
        fixture.clock.advance(Duration.ofMinutes(30));
        longCommand.close();

        assertThat(fixture.session(fixture.lease("web1")).checks()).isZero();
    }

    @Test
    void aSessionIdleForLongerIsCheckedOnce() {
        fixture.lease("web1").close();
        fixture.clock.advance(LONGER_THAN_BYPASS);

        SessionLease lease = fixture.lease("web1");

        assertThat(lease.reused()).isTrue();
        assertThat(fixture.session(lease).checks()).isEqualTo(1);
    }

    @Test
    void aSessionFoundSilentIsReplacedUnseen() {
        SessionLease first = fixture.lease("web1");
        fixture.session(first).fallSilent();
        first.close();
        fixture.clock.advance(LONGER_THAN_BYPASS);

        SessionLease second = fixture.lease("web1");

        assertThat(second.session()).isNotSameAs(first.session());
        assertThat(second.reused()).isFalse();
        assertThat(fixture.session(first).isClosed()).isTrue();
        assertThat(fixture.retired(RetireReason.DEAD)).isEqualTo(1);
    }

    @Test
    void aSessionDroppedByItsServerIsReplacedEvenWithinTheBypassWindow() {
        SessionLease first = fixture.lease("web1");
        first.close();
        fixture.session(first).drop();

        assertThat(fixture.lease("web1").session()).isNotSameAs(first.session());
        assertThat(fixture.retired(RetireReason.DEAD)).isEqualTo(1);
    }

    @Test
    void aSessionThatEndedUnderItsLeaseIsNotKept() {
        SessionLease first = fixture.lease("web1");
        fixture.session(first).drop();
        first.close();

        assertThat(fixture.host("web1").sessionsIdle()).isZero();
        assertThat(fixture.session(first).isClosed()).isTrue();
    }

    @Test
    void aSessionOverItsAgeIsReplacedBeforeItIsLent() {
        SessionLease first = fixture.lease("web1");
        first.close();
        fixture.clock.advance(SETTINGS.maxAge().plusNanos(1));

        assertThat(fixture.lease("web1").session()).isNotSameAs(first.session());
        assertThat(fixture.retired(RetireReason.AGED)).isEqualTo(1);
    }

    @Test
    void aLeasedSessionOverItsAgeIsClosedWithItsLeaseAndNotBefore() {
        SessionLease lease = fixture.lease("web1");
        fixture.clock.advance(SETTINGS.maxAge().plusNanos(1));
        fixture.pool.evictExpired();
        assertThat(fixture.session(lease).isClosed()).isFalse();

        lease.close();

        assertThat(fixture.session(lease).isClosed()).isTrue();
        assertThat(fixture.retired(RetireReason.AGED)).isEqualTo(1);
    }

    @Test
    void evictionClosesWhatWasIdleForTooLongAndKeepsTheRest() {
        SessionLease old = fixture.lease("web1");
        old.close();
        fixture.clock.advance(SETTINGS.maxIdle().minusSeconds(1));
        SessionLease recent = fixture.lease("web2");
        recent.close();
        fixture.clock.advance(Duration.ofSeconds(1));

        fixture.pool.evictExpired();

        assertThat(fixture.session(old).isClosed()).isTrue();
        assertThat(fixture.session(recent).isClosed()).isFalse();
        assertThat(fixture.pool.snapshot().retired()).isEqualTo(Map.of(RetireReason.IDLE, 1L));
    }

    @Test
    void evictionClosesWhatItsServerHasDropped() {
        SessionLease lease = fixture.lease("web1");
        lease.close();
        fixture.session(lease).drop();

        fixture.pool.evictExpired();

        assertThat(fixture.retired(RetireReason.DEAD)).isEqualTo(1);
    }

    @Test
    void theLongestIdleSessionMakesRoomForOneToAnotherHost() {
        fixture.apply(limits(1, 1, 1));
        SessionLease oldest = fixture.lease("web1");
        oldest.close();
        fixture.lease("web2").close();

        SessionLease third = fixture.lease("web3");

        assertThat(fixture.session(oldest).isClosed()).isTrue();
        assertThat(fixture.retired(RetireReason.ROOM)).isEqualTo(1);
        assertThat(fixture.transport.openSessions()).hasSize(2).contains(fixture.session(third));
    }

    @Test
    void aRetiredSessionIsClosedWithItsLeaseAndCountedUnderTheFirstReason() {
        SessionLease lease = fixture.lease("web1");
        lease.retire(RetireReason.FAILED);
        lease.retire(RetireReason.AGED);
        assertThat(fixture.session(lease).isClosed()).isFalse();

        lease.close();

        assertThat(fixture.session(lease).isClosed()).isTrue();
        assertThat(fixture.pool.snapshot().retired()).isEqualTo(Map.of(RetireReason.FAILED, 1L));
    }

    @Test
    void aClosedLeaseCanDoNothingToItsSessionAnyMore() {
        SessionLease first = fixture.lease("web1");
        first.close();
        SessionLease second = fixture.lease("web1");

        first.retire(RetireReason.FAILED);
        first.channelRefused();
        first.close();

        assertThat(fixture.host("web1").leases()).isEqualTo(1);
        second.close();
        assertThat(fixture.host("web1").sessionsIdle()).isEqualTo(1);
    }

    @Test
    void loweredLimitsCloseIdleSessionsAndLeaveLeasedOnesAlone() {
        List<SessionLease> leases =
                Stream.of("web1", "web1", "web2", "web2").map(fixture::lease).toList();
        leases.subList(0, 3).forEach(SessionLease::close);

        fixture.pool.apply(limits(1, 1, 1));

        assertThat(fixture.retired(RetireReason.SETTINGS)).isEqualTo(2);
        assertThat(fixture.transport.openSessions()).hasSize(2).contains(fixture.session(leases.get(3)));
    }
}
