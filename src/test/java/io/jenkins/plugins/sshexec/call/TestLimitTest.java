package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestLimitTest {

    private final ManualClock clock = new ManualClock();
    private final TestLimit limit = new TestLimit(clock);

    @Test
    void oneHostIsTestedAFewTimesAMinuteByAllUsersTogether() {
        for (int i = 0; i < TestLimit.PER_HOST; i++) {
            assertThat(limit.take("user" + i, host(1))).isZero();
        }
        clock.advance(Duration.ofSeconds(20));
        assertThat(limit.take("another", host(1))).isEqualTo(Duration.ofSeconds(40));
        assertThat(limit.take("another", host(2))).isZero();
        clock.advance(Duration.ofSeconds(40));
        assertThat(limit.take("another", host(1))).isZero();
    }

    @Test
    void oneUserTestsAFewHostsAMinute() {
        for (int i = 1; i <= TestLimit.PER_USER; i++) {
            assertThat(limit.take("scanner", host(i))).isZero();
        }
        assertThat(limit.take("scanner", host(100))).isEqualTo(TestLimit.WINDOW);
        assertThat(limit.take("another", host(100))).isZero();
    }

    @Test
    void aTestThatMayNotBeIsNotCounted() {
        for (int i = 0; i < 10 * TestLimit.PER_HOST; i++) {
            limit.take("impatient", host(1));
        }
        clock.advance(TestLimit.WINDOW);
        assertThat(limit.take("impatient", host(1))).isZero();
    }

    private static Endpoint host(int number) {
        return new Endpoint("web" + number, 22);
    }
}
