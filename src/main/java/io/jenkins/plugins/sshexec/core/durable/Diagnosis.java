package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.durable.CommandState.Kind;
import io.jenkins.plugins.sshexec.core.error.DurableLost;
import io.jenkins.plugins.sshexec.core.error.DurableLost.Cause;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What to make of a command that could be followed no further although its host can be reached. Belongs to whoever goes on
 * with the run: one thread after the other.
 */
final class Diagnosis {

    /** How often in a row a host may give no usable answer before it is given up. */
    private static final int MAX_FRUITLESS = 3;

    /** What comes next. */
    sealed interface Verdict {}

    /**
     * The command has ended, and all of its output that was stored is there.
     *
     * @param diskFull whether there may have been more
     */
    record Finished(RemoteExit exit, boolean diskFull) implements Verdict {}

    /** It is followed again after a delay, which may be zero. */
    record FollowAgain(Duration delay) implements Verdict {}

    /** It runs, and is of no use any more. */
    record ToBeEnded(DurableLost reason) implements Verdict {}

    /** It is over, and there is no result. */
    record Over(DurableLost failure) implements Verdict {}

    /** Nobody knows; its folder stays. */
    record GivenUp(DurableLost failure) implements Verdict {}

    private final Endpoint endpoint;
    private final Contact contact;
    private final DurableTimes times;
    private final NanoClock clock;

    private final AtomicInteger fruitless = new AtomicInteger();

    /** What was found when the wrapper was not; null while it is there. */
    private volatile CommandState suspect;

    private volatile long suspectNanos;

    Diagnosis(Endpoint endpoint, Contact contact, DurableTimes times, NanoClock clock) {
        this.endpoint = endpoint;
        this.contact = contact;
        this.times = times;
        this.clock = clock;
    }

    /** Following it has brought output. */
    void progressed() {
        fruitless.set(0);
    }

    /** @param have of its output */
    Verdict of(CommandState state, Offsets have) {
        return switch (state.kind()) {
            case FINISHED -> finished(state, have);
            case RUNNING -> {
                suspect = null;
                yield fruitless("");
            }
            case FULL -> new ToBeEnded(lost(Cause.DISK_FULL, ""));
            case ABSENT -> new Over(lost(Cause.REMOVED, ""));
            case ENDED -> new Over(lost(Cause.KILLED, ""));
            case LAUNCHING, DEAD, REBOOTED -> suspected(state);
        };
    }

    private Verdict finished(CommandState state, Offsets have) {
        boolean complete = have.stdout() >= state.size().stdout()
                && have.stderr() >= state.size().stderr();
        if (complete) {
            return new Finished(state.exit().orElseThrow(), state.diskFull());
        }
        if (fruitless.compareAndSet(0, 1)) {
            return new FollowAgain(Duration.ZERO);
        }
        if (fruitless.get() > MAX_FRUITLESS) {
            return new GivenUp(lost(Cause.NOT_FOLLOWED, "there is output that cannot be read"));
        }
        return fruitless("");
    }

    /** @param detail of an answer that is none; may be empty */
    Verdict fruitless(String detail) {
        if (fruitless.incrementAndGet() > MAX_FRUITLESS && suspect == null && !contact.wasFoundLast()) {
            return new GivenUp(lost(Cause.NOT_FOLLOWED, detail));
        }
        return new FollowAgain(contact.nextWait());
    }

    private Verdict suspected(CommandState state) {
        if (!state.equals(suspect)) {
            suspect = state; // the first time, or it has shown a sign of life since
            suspectNanos = clock.nanoTime();
        } else if (clock.nanoTime() - suspectNanos >= times.recheck().toNanos()) {
            return new Over(lost(causeOf(state.kind()), ""));
        }
        // Followed once more then: that brings the output there is to its end before the verdict.
        return new FollowAgain(times.recheck());
    }

    private static Cause causeOf(Kind kind) {
        return switch (kind) {
            case LAUNCHING -> Cause.NEVER_BEGAN;
            case REBOOTED -> Cause.REBOOTED;
            default -> Cause.KILLED;
        };
    }

    private DurableLost lost(Cause cause, String detail) {
        return new DurableLost(endpoint, cause, detail, null);
    }
}
