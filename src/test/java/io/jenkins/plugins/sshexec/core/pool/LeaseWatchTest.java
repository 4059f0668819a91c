package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.testing.LogLines;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases held for long are named, with their build. */
@Timeout(60)
class LeaseWatchTest {

    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final String HELD = "WARNING shop #1 (job/shop/1/) has had a session to deploy@web1:22 for PT31M";
    private static final String RETURNED = "INFO shop #1 (job/shop/1/) has given back its session to deploy@web1:22";

    private final PoolFixture fixture = new PoolFixture(SETTINGS);
    private final LeaseWatch watch = fixture.pool.leaseWatch();
    private final LogLines lines = new LogLines(LeaseWatch.class);

    @AfterEach
    void nothingIsLeft() {
        lines.close();
        fixture.close();
    }

    @Test
    void aLeaseHeldForLongIsNamedOnceAndAgainWhenItComesBack() {
        SessionLease lease = fixture.lease("web1");
        fixture.clock.advance(Duration.ofMinutes(31));

        assertThat(watch.check(LIMIT)).isOne();
        assertThat(watch.check(LIMIT)).isZero();

        assertThat(lines.seen()).containsExactly(HELD);
        lease.close();
        lease.close();
        assertThat(lines.seen()).containsExactly(HELD, RETURNED);
        assertThat(watch.check(LIMIT)).isZero();
    }

    @Test
    void aLeaseOfUsualLengthIsNotNamed() {
        SessionLease lease = fixture.lease("web1");
        fixture.clock.advance(LIMIT);

        assertThat(watch.check(LIMIT)).isZero();

        lease.close();
        assertThat(lines.seen()).isEmpty();
    }

    /** Age of the session and time in line are no business of the lease. */
    @Test
    void theTimeCountsFromTheGrant() {
        SessionLease first = fixture.lease("web1");
        SessionLease second = fixture.lease("web1");
        var waiting = fixture.ask("web1");
        fixture.settle();
        fixture.clock.advance(Duration.ofMinutes(31));
        first.close();
        PoolFixture.get(waiting);

        assertThat(watch.check(LIMIT)).isOne();

        assertThat(lines.seen()).containsExactly(HELD);
        second.close();
    }
}
