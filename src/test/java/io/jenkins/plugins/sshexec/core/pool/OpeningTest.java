package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.testing.FakeTransport.HeldCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the seat to the session: connects that fail, hang, are cancelled, or have to wait for their turn. */
@Timeout(60)
class OpeningTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final SshException LOGIN_REFUSED = new LoginRefused(WEB1, "deploy", "password", null);

    private final PoolFixture fixture = new PoolFixture(limits(10, 20, 1));

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private List<CompletableFuture<SessionLease>> ask(int leases) {
        List<CompletableFuture<SessionLease>> asked =
                IntStream.range(0, leases).mapToObj(i -> fixture.ask("web1")).toList();
        fixture.settle();
        return asked;
    }

    /** Makes the login of web1 a proven one, without leaving a session. */
    private void logInOnce() {
        SessionLease lease = fixture.lease("web1");
        lease.retire(RetireReason.AGED);
        lease.close();
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new ConnectFailed(WEB1, Stage.TCP, "Connection refused", null),
                LOGIN_REFUSED,
                new IllegalStateException("a bug"),
                new NoClassDefFoundError("a class"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverAConnectThrowsReachesTheCallerAndFreesTheSeat(Throwable thrown) {
        fixture.transport.failNext(thrown);

        assertThat(failure(fixture.ask("web1"))).isSameAs(thrown);
        assertThat(fixture.host("web1").leases()).isZero();
        assertThat(fixture.lease("web1").reused()).isFalse();
    }

    @Test
    void cancellingBreaksTheConnectOffAndFreesTheSeat() {
        fixture.transport.holdConnects(true);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> asked = fixture.ask("web1", cancellation);
        fixture.transport.nextHeld();

        cancellation.cancel();

        assertThat(failure(asked)).isInstanceOf(CancellationException.class);
        assertThat(fixture.transport.holding()).isZero();
        assertThat(fixture.host("web1").leases()).isZero();
    }

    @Test
    void aSessionThatCameInSpiteOfTheCancellationIsKeptForOthers() {
        Cancellation cancellation = new Cancellation();
        fixture.transport.duringIo(cancellation::cancel);

        assertThat(failure(fixture.ask("web1", cancellation))).isInstanceOf(CancellationException.class);

        fixture.settle();
        assertThat(fixture.host("web1").sessionsIdle()).isEqualTo(1);
    }

    @Test
    void cancellingDuringACheckKeepsTheSession() {
        SessionLease first = fixture.lease("web1");
        first.close();
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.transport.holdChecks(true);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> asked = fixture.ask("web1", cancellation);
        fixture.transport.nextHeld();

        cancellation.cancel();

        assertThat(failure(asked)).isInstanceOf(CancellationException.class);
        fixture.transport.holdChecks(false);
        SessionLease second = fixture.lease("web1");
        assertThat(second.session()).isSameAs(first.session());
        assertThat(fixture.session(second).checks())
                .as("checks: the broken off one says nothing")
                .isEqualTo(2);
    }

    @Test
    void aCheckThatIsBrokenOffIsNoProofOfDeath() {
        fixture.lease("web1").close();
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.transport.openSessions().get(0).fallSilent();
        Cancellation cancellation = new Cancellation();
        fixture.transport.duringIo(cancellation::cancel);

        assertThat(failure(fixture.ask("web1", cancellation))).isInstanceOf(CancellationException.class);

        fixture.settle();
        assertThat(fixture.host("web1").sessionsIdle()).isEqualTo(1);
    }

    @Test
    void ofAnUntriedLoginOneHandshakeIsInFlight() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked = ask(4);
        assertThat(fixture.transport.holding()).isEqualTo(1);

        fixture.transport.nextHeld().succeed();
        fixture.settle();

        assertThat(fixture.transport.holding()).isEqualTo(3);
        IntStream.range(0, 3).forEach(i -> fixture.transport.nextHeld().succeed());
        asked.forEach(PoolFixture::get);
    }

    @Test
    void whoWaitsBehindARefusedLoginFailsWithoutTrying() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked = ask(4);
        CompletableFuture<SessionLease> otherLogin = fixture.ask(spec("web1", "other", "secret"));
        HeldCall first = fixture.transport.nextHeld();
        HeldCall other = fixture.transport.nextHeld();

        first.fail(LOGIN_REFUSED);

        assertThat(asked).allSatisfy(one -> assertThat(failure(one)).isSameAs(LOGIN_REFUSED));
        other.succeed();
        assertThat(get(otherLogin)).isNotNull();
        fixture.settle();
        assertThat(fixture.transport.holding()).isZero();
    }

    @Test
    void whoWaitsBehindAConnectThatFailedTriesItself() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked = ask(2);

        fixture.transport.nextHeld().fail(new ConnectFailed(WEB1, Stage.BANNER, "closed", null));
        fixture.transport.nextHeld().succeed();

        assertThat(asked.stream()
                        .filter(CompletableFuture::isCompletedExceptionally)
                        .count())
                .isLessThanOrEqualTo(1);
        assertThat(asked.stream().map(one -> one.handle((lease, failure) -> failure == null)
                        .join()))
                .containsExactlyInAnyOrder(true, false);
    }

    @Test
    void atMostEightHandshakesAreInFlightToOneHost() {
        logInOnce();
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked = ask(10);
        assertThat(fixture.transport.holding()).isEqualTo(HandshakeGate.MAX_PER_HOST);

        IntStream.range(0, 10).forEach(i -> fixture.transport.nextHeld().succeed());

        asked.forEach(PoolFixture::get);
    }

    @Test
    void waitingForATurnIsPartOfTheConnectTimeout() {
        fixture.transport.holdConnects(true);
        List<CompletableFuture<SessionLease>> asked = ask(2);
        fixture.pass(SETTINGS.connectTimeout());

        assertThat(asked.stream().filter(CompletableFuture::isDone))
                .singleElement()
                .satisfies(late -> assertThat(failure(late)).isInstanceOfSatisfying(ConnectTimeout.class, timeout -> {
                    assertThat(timeout.stage()).isEqualTo(Stage.WAITING);
                    assertThat(timeout.limit()).isEqualTo(SETTINGS.connectTimeout());
                }));
        fixture.transport.nextHeld().succeed();
    }

    /** The transport is told what is left of it, and so would say "within 9 s" of 10. */
    @Test
    void connectTimeoutThatIsToldIsTheWholeOne() {
        fixture.transport.failNext(
                new ConnectTimeout(WEB1, Stage.BANNER, SETTINGS.connectTimeout().minusMillis(1), null));
        assertThat(failure(fixture.ask("web1"))).isInstanceOfSatisfying(ConnectTimeout.class, timeout -> {
            assertThat(timeout.stage()).isEqualTo(Stage.BANNER);
            assertThat(timeout.limit()).isEqualTo(SETTINGS.connectTimeout());
        });
    }

    @Test
    void cancellingWhileWaitingForATurnMakesNoHandshake() {
        fixture.transport.holdConnects(true);
        CompletableFuture<SessionLease> first = fixture.ask("web1");
        HeldCall handshake = fixture.transport.nextHeld();
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> second = fixture.ask("web1", cancellation);
        fixture.settle();

        cancellation.cancel();

        assertThat(failure(second)).isInstanceOf(CancellationException.class);
        handshake.succeed();
        get(first);
        fixture.settle();
        assertThat(fixture.transport.sessions()).hasSize(1);
    }

    /** With a lock held over the call, one of these would wait for ever. */
    @Test
    void noLockIsHeldDuringTransportCalls() {
        AtomicInteger probes = new AtomicInteger();
        fixture.transport.duringIo(() -> {
            if (probes.incrementAndGet() > 3) {
                return; // Asked for by the probe itself.
            }
            CountDownLatch done = new CountDownLatch(1);
            new Thread(() -> {
                        fixture.pool.snapshot();
                        fixture.pool.evictExpired();
                        fixture.pool.apply(limits(10, 20, 1));
                        SessionLease other = fixture.lease("probe" + probes.get());
                        other.retire(RetireReason.AGED);
                        other.close();
                        done.countDown();
                    })
                    .start();
            assertThat(awaits(done)).isTrue();
        });

        fixture.lease("web1").close();
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.lease("web1").close();

        assertThat(probes).hasValueGreaterThanOrEqualTo(3);
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
