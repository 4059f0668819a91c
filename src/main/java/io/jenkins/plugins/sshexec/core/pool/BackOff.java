package io.jenkins.plugins.sshexec.core.pool;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to leave a host alone that has just turned a connect away: twice as long each time, up to a limit, and of that
 * a random part between the half and the whole, so that those who were turned away together do not come back together.
 * As thread-safe as its source of random numbers.
 */
final class BackOff {

    /** The longest first pause: a handshake takes about a tenth of a second, so some room is free again after it. */
    static final Duration FIRST = Duration.ofMillis(250);

    /** No pause is longer. */
    static final Duration LONGEST = Duration.ofSeconds(4);

    private final RandomGenerator random;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** @param refusals how often in a row the host has turned connects away, at least 1 */
    Duration pause(int refusals) {
        long whole = FIRST.toNanos();
        for (int i = 1; i < refusals && whole < LONGEST.toNanos(); i++) {
            whole *= 2;
        }
        whole = Math.min(whole, LONGEST.toNanos());
        return Duration.ofNanos(random.nextLong(whole / 2, whole + 1));
    }
}
