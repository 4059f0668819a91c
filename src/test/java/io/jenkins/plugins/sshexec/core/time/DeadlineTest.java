package io.jenkins.plugins.sshexec.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private final ManualClock clock = new ManualClock();

    /** The clock overflows on the way, as {@link System#nanoTime} may. */
    @Test
    void runsDownToZeroAndStaysThere() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(2), clock);
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(2));
        clock.advance(Duration.ofMillis(1_500));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(500));
        assertThat(deadline.isExpired()).isFalse();
        clock.advance(Duration.ofMillis(500));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.isExpired()).isTrue();
        clock.advance(Duration.ofDays(1));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.isExpired()).isTrue();
    }

    @Test
    void millisAreNeverZeroWhichWouldMeanForEver() {
        Deadline deadline = Deadline.in(Duration.ofMillis(10), clock);
        assertThat(deadline.remainingMillis()).isEqualTo(10);
        clock.advance(Duration.ofNanos(9_500_000));
        assertThat(deadline.remainingMillis()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(deadline.remainingMillis()).isEqualTo(1);
    }

    @Test
    void millisOfALongTimeFitAnInt() {
        assertThat(Deadline.in(Duration.ofDays(365), clock).remainingMillis()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void noBudgetIsExpiredAtOnce() {
        assertThat(Deadline.in(Duration.ZERO, clock).isExpired()).isTrue();
    }
}
