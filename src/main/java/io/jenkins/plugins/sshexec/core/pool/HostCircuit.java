package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.NegotiationFailed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a connect to one host and port is worth a try. After a number of connects in a row that did not reach it, nobody
 * is made to wait for one more: callers fail at once with the reason, until a single connect after a rest has shown that
 * the host is back.
 *
 * <pre>
 *              {@value #FAILURES_TO_OPEN} failures in a row            the rest is over
 *   CLOSED ------------------------&gt; OPEN ------------------&gt; HALF_OPEN
 *     ^                               ^                            |
 *     |                               `------- it fails -----------|   the rest is twice as long
 *     `----------------------------------------- it succeeds ------'
 * </pre>
 *
 * <p>What counts is whether the host was reached: a refused login or host key, or algorithms of another kind, are answers,
 * and close the circuit as a success does. A connect that was cancelled, or failed for reasons on this side, says nothing.
 *
 * <p>Bookkeeping of {@link HandshakeGate}: all of it is guarded by the gate's lock.
 */
final class HostCircuit {

    /** Where a circuit is. */
    enum State {
        /** Connects are made as they are asked for. The latest ones may have failed, but not enough of them. */
        CLOSED,
        /** No connect is made. Those that were in flight go on; if one reaches the host, the circuit closes. */
        OPEN,
        /** One connect at a time is made, others wait for its outcome. */
        HALF_OPEN
    }

    /** Fewer may be bad luck; each takes up to the connect timeout of somebody's build. */
    static final int FAILURES_TO_OPEN = 5;

    static final Duration FIRST_REST = Duration.ofSeconds(10);
    static final Duration LONGEST_REST = Duration.ofMinutes(2);

    /** Failures this long ago say nothing of the host of today. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    private final NanoClock clock;
    private int failures;
    private SshException lastFailure;
    private long lastFailureNanos;

    /** Zero while the circuit is closed. */
    private Duration rest = Duration.ZERO;

    private long restBeganNanos;

    HostCircuit(NanoClock clock) {
        this.clock = clock;
    }

    State state() {
        if (rest.isZero()) {
            return State.CLOSED;
        }
        return restLeft().isZero() ? State.HALF_OPEN : State.OPEN;
    }

    /** A connect has ended. @param failure how it failed; null where it succeeded */
    void ended(Throwable failure) {
        if (failure == null || showsHost(failure)) {
            failures = 0;
            lastFailure = null;
            rest = Duration.ZERO;
        } else if (failure instanceof SshException known && showsNoHost(known)) {
            State before = state();
            failures = before == State.CLOSED && forgets() ? 1 : failures + 1;
            lastFailure = known;
            lastFailureNanos = clock.nanoTime();
            if (before == State.HALF_OPEN) {
                open(rest.multipliedBy(2));
            } else if (before == State.CLOSED && failures >= FAILURES_TO_OPEN) {
                open(FIRST_REST);
            }
        }
    }

    private void open(Duration wanted) {
        rest = wanted.compareTo(LONGEST_REST) < 0 ? wanted : LONGEST_REST;
        restBeganNanos = clock.nanoTime();
    }

    /** What a caller is told whose connect is not tried. There must have been a failure. */
    HostUnavailable unavailable(Endpoint endpoint) {
        return new HostUnavailable(endpoint, failures, lastFailure, restLeft());
    }

    /** What the pool's snapshot says of this host, if something. */
    Optional<PoolSnapshot.Outage> outage(Endpoint endpoint) {
        return failures == 0
                ? Optional.empty()
                : Optional.of(
                        new PoolSnapshot.Outage(endpoint, failures, lastFailure, state() != State.CLOSED, restLeft()));
    }

    /** Whether there is nothing here worth remembering. */
    boolean forgets() {
        return failures == 0 || clock.nanoTime() - lastFailureNanos > MEMORY.toNanos();
    }

    private Duration restLeft() {
        return Duration.ofNanos(Math.max(0, rest.toNanos() - (clock.nanoTime() - restBeganNanos)));
    }

    private static boolean showsHost(Throwable failure) {
        return failure instanceof LoginRefused
                || failure instanceof HostKeyRefused
                || failure instanceof NegotiationFailed;
    }

    private static boolean showsNoHost(SshException failure) {
        return failure instanceof ConnectFailed
                || failure instanceof ConnectTimeout timeout && timeout.stage() != Stage.WAITING;
    }
}
