package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each setting, raised and lowered while leases run: these are unhurt, and new ones get the new value. */
@Timeout(60)
class SettingsSwapTest {

    /** Two sessions for each host, four in total, two leases on each. */
    private static final PoolSettings BEFORE = limits(2, 4, 2);

    /**
     * @param setting as {@link PoolSettings} calls it
     * @param after the settings with that one changed
     * @param effect what the pool does then. To the host {@code running} two leases share a session; another login has a
     *     session of its own.
     */
    record Change(String setting, String what, PoolSettings after, Consumer<PoolFixture> effect) {
        @Override
        public String toString() {
            return setting + ": " + what;
        }
    }

    private static PoolSettings times(Duration maxIdle, Duration maxAge, Duration connect, Duration wait) {
        return new PoolSettings(
                BEFORE.sessionsPerHost(),
                BEFORE.sessionsInTotal(),
                BEFORE.channelsPerSession(),
                maxIdle,
                maxAge,
                connect,
                wait);
    }

    static Stream<Change> changes() {
        Duration idle = BEFORE.maxIdle();
        Duration age = BEFORE.maxAge();
        Duration connect = BEFORE.connectTimeout();
        Duration wait = BEFORE.waitTimeout();
        return Stream.of(
                new Change("sessionsPerHost", "raised", limits(3, 4, 2), fixture -> get(newLogin(fixture, "running"))),
                new Change("sessionsPerHost", "lowered", limits(1, 4, 2), fixture -> {
                    CompletableFuture<SessionLease> waiting = newLogin(fixture, "running");
                    fixture.settle();
                    assertThat(fixture.host("running").waiting()).isEqualTo(1);
                    assertThat(fixture.host("running").sessionsInUse()).isEqualTo(2);
                    waiting.thenAccept(SessionLease::close);
                }),
                new Change("sessionsInTotal", "raised", limits(2, 5, 2), fixture -> {
                    get(newLogin(fixture, "other"));
                    get(newLogin(fixture, "other"));
                    get(newLogin(fixture, "third"));
                }),
                new Change("sessionsInTotal", "lowered", limits(2, 2, 2), fixture -> {
                    CompletableFuture<SessionLease> waiting = newLogin(fixture, "other");
                    fixture.settle();
                    assertThat(fixture.host("other").waiting()).isEqualTo(1);
                    waiting.thenAccept(SessionLease::close);
                }),
                new Change("channelsPerSession", "raised", limits(2, 4, 3), fixture -> {
                    assertThat(fixture.lease("running").reused()).isTrue();
                    assertThat(fixture.host("running").leases()).isEqualTo(4);
                }),
                new Change("channelsPerSession", "lowered", limits(2, 4, 1), fixture -> {
                    CompletableFuture<SessionLease> waiting = fixture.ask("running");
                    fixture.settle();
                    assertThat(waiting).isNotDone();
                    waiting.thenAccept(SessionLease::close);
                }),
                new Change("maxIdle", "lowered", times(Duration.ofMinutes(1), age, connect, wait), fixture -> {
                    fixture.lease("other").close();
                    fixture.clock.advance(Duration.ofMinutes(1));
                    fixture.pool.evictExpired();
                    assertThat(fixture.retired(RetireReason.IDLE)).isEqualTo(1);
                }),
                new Change("maxIdle", "raised", times(Duration.ofMinutes(30), age, connect, wait), fixture -> {
                    fixture.lease("other").close();
                    fixture.clock.advance(idle.plusMinutes(1));
                    fixture.pool.evictExpired();
                    assertThat(fixture.retired(RetireReason.IDLE)).isZero();
                }),
                new Change("maxAge", "lowered", times(idle, Duration.ofMinutes(1), connect, wait), fixture -> {
                    fixture.clock.advance(Duration.ofMinutes(1).plusNanos(1));
                    SessionLease fresh = fixture.lease("other");
                    fresh.close();
                    fixture.clock.advance(Duration.ofMinutes(1).plusNanos(1));
                    assertThat(fixture.lease("other").session()).isNotSameAs(fresh.session());
                }),
                new Change("maxAge", "raised", times(idle.plus(age), age.plus(age), connect, wait), fixture -> {
                    SessionLease fresh = fixture.lease("other");
                    fresh.close();
                    fixture.clock.advance(age.plusNanos(1));
                    assertThat(fixture.lease("other").session()).isSameAs(fresh.session());
                }),
                new Change("connectTimeout", "lowered", times(idle, age, Duration.ofSeconds(3), wait), fixture -> {
                    assertThat(timeoutOfATurn(fixture)).isEqualTo(Duration.ofSeconds(3));
                }),
                new Change("connectTimeout", "raised", times(idle, age, Duration.ofSeconds(60), wait), fixture -> {
                    assertThat(timeoutOfATurn(fixture)).isEqualTo(Duration.ofSeconds(60));
                }),
                new Change("waitTimeout", "lowered", times(idle, age, connect, Duration.ofSeconds(5)), fixture -> {
                    CompletableFuture<SessionLease> waiting = newLogin(fixture, "running");
                    fixture.pass(Duration.ofSeconds(5));
                    assertThat(failure(waiting)).isInstanceOf(PoolTimeout.class);
                }),
                new Change("waitTimeout", "raised", times(idle, age, connect, wait.multipliedBy(2)), fixture -> {
                    CompletableFuture<SessionLease> waiting = newLogin(fixture, "running");
                    fixture.pass(wait);
                    assertThat(waiting).isNotDone();
                    fixture.pass(wait);
                    assertThat(failure(waiting)).isInstanceOf(PoolTimeout.class);
                }));
    }

    private static final AtomicInteger LOGINS = new AtomicInteger();

    /** Asks for a session that no other lease can share. */
    private static CompletableFuture<SessionLease> newLogin(PoolFixture fixture, String host) {
        return fixture.ask(spec(host, "user" + LOGINS.incrementAndGet(), "secret"));
    }

    /** How long who waits for the turn of another handshake has waited when that failed. */
    private static Duration timeoutOfATurn(PoolFixture fixture) {
        fixture.transport.holdConnects(true);
        fixture.ask(spec("other", "deploy", "secret"));
        fixture.transport.nextHeld();
        // Two leases fill the session that is being opened, so the third needs another with the same, untried login.
        fixture.ask(spec("other", "deploy", "secret"));
        CompletableFuture<SessionLease> third = fixture.ask(spec("other", "deploy", "secret"));
        fixture.settle();
        Duration passed = Duration.ZERO;
        while (!third.isDone()) {
            fixture.pass(Duration.ofSeconds(1));
            passed = passed.plusSeconds(1);
        }
        assertThat(failure(third)).isInstanceOf(ConnectTimeout.class);
        return passed;
    }

    @Test
    void everySettingIsLookedAtBothWays() {
        assertThat(changes().map(change -> change.setting() + " " + change.what()))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(PoolSettings.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .flatMap(name -> Stream.of(name + " raised", name + " lowered"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void newLeasesGetTheNewValueAndRunningOnesAreUnhurt(Change change) {
        try (PoolFixture fixture = new PoolFixture(BEFORE)) {
            // Fills one session's seats, and a second session of the same host.
            List<SessionLease> running = List.of(
                    fixture.lease("running"),
                    fixture.lease("running"),
                    get(fixture.ask(spec("running", "second", "secret"))));

            if (change.what().equals("raised")) {
                fixture.apply(change.after());
            } else {
                fixture.pool.apply(change.after()); // What runs may be more than that, so the transport must not mind.
            }
            change.effect().accept(fixture);

            assertThat(running)
                    .allSatisfy(lease -> assertThat(lease.session().isOpen()).isTrue());
            running.forEach(SessionLease::close);
            fixture.transport.holdConnects(false);
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void thoseWhoHaveBegunToWaitKeepTheirTime(Change change) {
        try (PoolFixture fixture = new PoolFixture(BEFORE)) {
            SessionLease first = fixture.lease("running");
            SessionLease second = get(newLogin(fixture, "running"));
            CompletableFuture<SessionLease> waiting = newLogin(fixture, "running");
            fixture.settle();

            fixture.pool.apply(change.after());
            fixture.settle();
            fixture.pass(SETTINGS.waitTimeout().minusSeconds(1));

            boolean served = change.toString().equals("sessionsPerHost: raised");
            assertThat(waiting.isDone()).isEqualTo(served);
            fixture.pass(Duration.ofSeconds(1));
            assertThat(waiting.isCompletedExceptionally()).isEqualTo(!served);
            first.close();
            second.close();
        }
    }
}
