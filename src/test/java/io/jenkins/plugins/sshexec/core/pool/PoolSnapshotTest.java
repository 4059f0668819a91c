package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot.Caller;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pool shows of itself. */
@Timeout(60)
class PoolSnapshotTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final LeaseHolder OTHER = new LeaseHolder("app", "app #7", "job/app/7/");

    private final PoolFixture fixture = new PoolFixture(limits(1, 3, 2));

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private PoolSnapshot.Session only() {
        assertThat(fixture.pool.snapshot().sessions()).hasSize(1);
        return fixture.pool.snapshot().sessions().get(0);
    }

    private CompletableFuture<SessionLease> askAsOther(String host) {
        return fixture.pool.lease(spec(host), OTHER, place -> {}, new Cancellation());
    }

    @Test
    void aSessionInUseSaysWhoUsesItAndForHowLong() {
        SessionLease first = fixture.lease("web1");
        fixture.clock.advance(Duration.ofSeconds(10));
        SessionLease second = PoolFixture.get(askAsOther("web1"));
        fixture.clock.advance(Duration.ofSeconds(5));

        PoolSnapshot.Session session = only();

        assertThat(session.endpoint()).isEqualTo(WEB1);
        assertThat(session.user()).isEqualTo("deploy");
        assertThat(session.facts()).isEqualTo(first.session().facts());
        assertThat(session.age()).isEqualTo(Duration.ofSeconds(15));
        assertThat(session.uses()).isEqualTo(2);
        assertThat(session.idle()).isFalse();
        assertThat(session.holders())
                .containsExactly(new Caller(HOLDER, Duration.ofSeconds(15)), new Caller(OTHER, Duration.ofSeconds(5)));
        second.close();
        assertThat(only().holders()).containsExactly(new Caller(HOLDER, Duration.ofSeconds(15)));
    }

    @Test
    void anIdleSessionSaysHowLongItHasBeenUnused() {
        SessionLease lease = fixture.lease("web1");
        fixture.clock.advance(Duration.ofSeconds(10));
        lease.close();
        fixture.clock.advance(Duration.ofSeconds(5));

        PoolSnapshot.Session session = only();

        assertThat(session.idle()).isTrue();
        assertThat(session.holders()).isEmpty();
        assertThat(session.age()).isEqualTo(Duration.ofSeconds(15));
        assertThat(session.unused()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void sessionsAreNumberedAsTheyAreOpened() {
        fixture.lease("web2");
        fixture.lease("web1");
        fixture.lease("web3");

        assertThat(fixture.pool.snapshot().sessions())
                .extracting(
                        PoolSnapshot.Session::id, session -> session.endpoint().host())
                .containsExactly(tuple(1L, "web2"), tuple(2L, "web1"), tuple(3L, "web3"));
    }

    @Test
    void usesAreThoseOfTheConnectionAndNotOfItsPlace() {
        fixture.lease("web1").close();
        SessionLease second = fixture.lease("web1");
        assertThat(only().uses()).isEqualTo(2);
        second.close();
        fixture.session(second).drop();

        fixture.lease("web1");

        assertThat(only().uses()).isOne();
        assertThat(only().id()).isEqualTo(2);
        assertThat(fixture.pool.snapshot().replaced()).isOne();
    }

    @Test
    void aSessionThatIsBeingOpenedCountsForItsHostAlone() {
        fixture.transport.holdConnects(true);
        fixture.ask("web1");
        fixture.transport.nextHeld();

        assertThat(fixture.pool.snapshot().sessions()).isEmpty();
        assertThat(fixture.host("web1").sessionsInUse()).isOne();
    }

    @Test
    void aLineShowsWhoWaitsTheNextOneFirst() {
        fixture.lease("web1");
        fixture.lease("web1");
        askAsOther("web1");
        fixture.clock.advance(Duration.ofSeconds(3));
        fixture.ask("web1");
        fixture.clock.advance(Duration.ofSeconds(4));
        fixture.settle();

        assertThat(fixture.host("web1").line())
                .containsExactly(new Caller(OTHER, Duration.ofSeconds(7)), new Caller(HOLDER, Duration.ofSeconds(4)));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new ConnectFailed(WEB1, Stage.TCP, "refused", null), RefusalReason.UNREACHABLE),
                Arguments.of(
                        new ConnectTimeout(WEB1, Stage.TCP, Duration.ofSeconds(1), null), RefusalReason.UNREACHABLE),
                Arguments.of(new LoginRefused(WEB1, "deploy", "no", null), RefusalReason.LOGIN),
                Arguments.of(new UnusableKey(WEB1, "passphrase", null), RefusalReason.LOGIN),
                Arguments.of(
                        new HostKeyRefused(
                                WEB1,
                                new HostKey("ssh-ed25519", new byte[] {1}),
                                new HostKeyVerdict.Refused(HostKeyVerdict.Cause.UNKNOWN, "")),
                        RefusalReason.HOST_KEY),
                Arguments.of(new IllegalStateException("a defect"), RefusalReason.OTHER));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusedLeasesAreCountedByReason(Throwable failure, RefusalReason reason) {
        fixture.transport.failNext(failure);

        assertThat(failure(fixture.ask("web1"))).hasSameClassAs(failure);

        assertThat(fixture.pool.snapshot().refused()).isEqualTo(Map.of(reason, 1L));
    }

    @Test
    void aSnapshotDoesNotChange() {
        SessionLease lease = fixture.lease("web1");
        PoolSnapshot before = fixture.pool.snapshot();
        List<PoolSnapshot.Session> sessions = List.copyOf(before.sessions());
        List<PoolSnapshot.Host> hosts = List.copyOf(before.hosts());

        lease.close();
        fixture.lease("web2");

        assertThat(before.sessions()).isEqualTo(sessions);
        assertThat(before.hosts()).isEqualTo(hosts);
    }
}
