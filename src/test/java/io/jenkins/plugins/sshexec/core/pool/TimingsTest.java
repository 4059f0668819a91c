package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Timings.Part;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.TimedTransport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long what the pool does takes. */
@Timeout(60)
class TimingsTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final PoolFixture fixture = new PoolFixture(SETTINGS);
    private final List<String> measured = new CopyOnWriteArrayList<>();
    private final TimedTransport transport =
            new TimedTransport(fixture.transport, (part, took) -> measured.add(part + " " + took), fixture.clock);
    private final TimedPool pool =
            new TimedPool(fixture.pool, (part, took) -> measured.add(part + " " + took), fixture.clock);

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private SshSession connect() throws SshException {
        return transport.connect(spec("web1"), LIMIT, new Cancellation());
    }

    @Test
    void connectsAndChecksAreMeasured() throws Exception {
        fixture.transport.duringIo(() -> fixture.clock.advance(Duration.ofMillis(70)));

        try (SshSession session = connect()) {
            assertThat(session.check(LIMIT, new Cancellation())).isTrue();
        }

        assertThat(measured).containsExactly(Part.CONNECT + " PT0.07S", Part.CHECK + " PT0.07S");
    }

    @Test
    void aConnectThatFailsIsNot() {
        SshException refused = new ConnectFailed(spec("web1").endpoint(), Stage.TCP, "refused", null);
        fixture.transport.failNext(refused);

        assertThatThrownBy(this::connect).isSameAs(refused);

        assertThat(measured).isEmpty();
    }

    @Test
    void theTimeUntilALeaseIsHadIsMeasured() {
        List<SessionLease> first = List.of(fixture.lease("web1"), fixture.lease("web1"));
        CompletableFuture<SessionLease> asked = pool.lease(spec("web1"), HOLDER, place -> {}, new Cancellation());
        fixture.settle();
        assertThat(measured).isEmpty();
        fixture.clock.advance(Duration.ofSeconds(9));

        first.get(0).close();
        get(asked);

        fixture.settle();
        assertThat(measured).containsExactly(Part.BORROW + " PT9S");
    }

    @Test
    void whatWasNeverHadIsNot() {
        Cancellation cancellation = new Cancellation();
        fixture.transport.holdConnects(true);
        CompletableFuture<SessionLease> asked = pool.lease(spec("web1"), HOLDER, place -> {}, cancellation);
        fixture.transport.nextHeld();

        cancellation.cancel();

        failure(asked);
        fixture.settle();
        assertThat(measured).isEmpty();
    }
}
