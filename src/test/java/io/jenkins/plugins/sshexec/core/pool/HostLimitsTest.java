package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.testing.FakeTransport;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits that a caller brings along for its host, where all hosts have two sessions with one lease each, four in total. */
@Timeout(60)
class HostLimitsTest {

    private final PoolFixture fixture = new PoolFixture(SETTINGS);

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private static SessionSpec limited(int sessions, int channels) {
        return spec("web1").within(new HostLimits(sessions, channels, 0, false));
    }

    /** The transport fails where it sees more than these. */
    private void serverBears(int sessions, int channels) {
        fixture.transport.setLimits(new FakeTransport.Limits(sessions, 4, 8, channels, HandshakeGate.MAX_PER_HOST));
    }

    private CompletableFuture<SessionLease> ask(SessionSpec spec) {
        CompletableFuture<SessionLease> asked = fixture.ask(spec);
        fixture.settle();
        return asked;
    }

    @Test
    void fewerSessionsThanForAllHosts() {
        serverBears(1, 1);
        SessionLease first = get(ask(limited(1, 0)));
        CompletableFuture<SessionLease> second = ask(limited(1, 0));
        assertThat(second).isNotDone();
        first.close();
        fixture.settle();
        assertThat(get(second).reused()).isTrue();
    }

    @Test
    void moreSessionsThanForAllHosts() {
        serverBears(3, 1);
        assertThat(IntStream.range(0, 3).mapToObj(i -> ask(limited(3, 0)))).allMatch(CompletableFuture::isDone);
        assertThat(ask(limited(3, 0))).isNotDone();
    }

    @Test
    void idleSessionsOfAHostWithAHigherLimitAreKept() {
        serverBears(3, 1);
        IntStream.range(0, 3).mapToObj(i -> ask(limited(3, 0))).toList().forEach(asked -> get(asked)
                .close());
        fixture.settle();
        fixture.pool.evictExpired();
        assertThat(fixture.retired(RetireReason.SETTINGS)).isZero();
        assertThat(fixture.transport.openSessions()).hasSize(3);
    }

    @Test
    void theLimitInTotalHoldsForAll() {
        serverBears(4, 1);
        assertThat(IntStream.range(0, 4).mapToObj(i -> ask(limited(100, 0)))).allMatch(CompletableFuture::isDone);
        assertThat(ask(limited(100, 0))).isNotDone();
    }

    @Test
    void moreLeasesOnOneSession() {
        serverBears(1, 3);
        assertThat(IntStream.range(0, 3).mapToObj(i -> ask(limited(1, 3)))).allMatch(CompletableFuture::isDone);
        assertThat(ask(limited(1, 3))).isNotDone();
        assertThat(fixture.pool.snapshot().hosts().get(0).sessionsInUse()).isOne();
    }

    @Test
    void inAFolderAHigherLimitDoesNotCount() {
        SessionSpec lowerOnly = spec("web1").within(new HostLimits(3, 5, 0, true));
        get(ask(lowerOnly));
        get(ask(lowerOnly));
        assertThat(ask(lowerOnly)).isNotDone();
        assertThat(fixture.pool.snapshot().hosts().get(0).sessionsInUse()).isEqualTo(2);
    }

    @Test
    void eachCallerKeepsToItsOwnLimits() {
        get(ask(limited(1, 0)));
        assertThat(ask(spec("web1"))).isDone();
        assertThat(ask(limited(1, 0))).isNotDone();
    }

    @Test
    void limitOfAFolderKeepsNobodyElseBack() {
        SessionSpec ofAFolder = spec("web1").within(new HostLimits(1, 0, 0, true));
        SessionLease first = get(ask(spec("web1")));
        SessionLease second = get(ask(spec("web1")));
        CompletableFuture<SessionLease> keptBack = ask(ofAFolder);
        CompletableFuture<SessionLease> behind = ask(spec("web1"));
        first.close();
        fixture.settle();
        assertThat(keptBack).isNotDone();
        assertThat(behind).isDone();
        second.close();
        get(behind).close();
        fixture.settle();
        assertThat(keptBack).isDone();
    }

    @Test
    void limitOfTheSystemConfigurationKeepsItsPlaceInLine() {
        SessionLease first = get(ask(spec("web1")));
        SessionLease second = get(ask(spec("web1")));
        CompletableFuture<SessionLease> ofOne = ask(limited(1, 0));
        CompletableFuture<SessionLease> behind = ask(spec("web1"));
        first.close();
        fixture.settle();
        assertThat(behind).isNotDone();
        second.close();
        fixture.settle();
        assertThat(ofOne).isDone();
    }

    @Test
    void whoWaitsForTheLastSessionInTotalKeepsToItsLimitToo() {
        SessionLease other = get(ask(spec("web2")));
        get(ask(limited(1, 0)));
        get(ask(spec("web2")));
        get(ask(spec("web3")));
        CompletableFuture<SessionLease> ofAFullHost = ask(limited(1, 0));
        CompletableFuture<SessionLease> ofAnother = ask(spec("web4"));
        other.close();
        fixture.settle();
        assertThat(ofAFullHost).isNotDone();
        assertThat(ofAnother).isDone();
    }
}
