package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.pool.HandshakeGate.Turn;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The turns of one host and port, and how many the host bears at once: half as many each time it turns one away, and one
 * more after each round that went well. A server's MaxStartups may be lower than OpenSSH's default, and other clients count
 * in it too.
 *
 * <p>Bookkeeping of {@link HandshakeGate}: all of it is guarded by the gate's lock.
 */
final class HostHandshakes {

    private final NanoClock clock;
    private final BackOff backOff;

    final HostCircuit circuit;

    private final List<Turn> inFlight = new ArrayList<>();

    /** Those turned away, who come again, before all others. */
    private final Deque<Turn> line = new ArrayDeque<>();

    /** So many may be in flight. */
    private int allowance = HandshakeGate.MAX_PER_HOST;

    /** Logins since the allowance was last changed. */
    private int successes;

    /** Pauses in a row without a login in between. */
    private int pauses;

    /** Whether there was a pause yet. */
    private boolean paused;

    /** The end of the latest pause. A turn that began before it tells nothing new when it is turned away. */
    private long pauseEndNanos;

    HostHandshakes(NanoClock clock, BackOff backOff) {
        this.clock = clock;
        this.backOff = backOff;
        this.circuit = new HostCircuit(clock);
    }

    void enter(Turn turn) {
        line.addLast(turn);
    }

    /** Takes the turn out. Returns false where it is not here. */
    boolean leave(Turn turn) {
        return inFlight.remove(turn) || line.remove(turn);
    }

    /**
     * The host has turned away {@code turn}, which is taken out; puts one in its place that starts after a pause.
     *
     * @param loginCut whether it did so in the middle of the login
     */
    Turn again(Turn turn, boolean loginCut) {
        if (!paused || turn.startedNanos - pauseEndNanos >= 0) {
            paused = true;
            allowance = Math.max(1, Math.min(allowance, inFlight.size()) / 2);
            successes = 0;
            pauses++;
            pauseEndNanos = clock.nanoTime() + backOff.pause(pauses).toNanos();
        }
        inFlight.remove(turn);
        // One nanosecond at least, since its owner is to resume it.
        Duration pause = Duration.ofNanos(Math.max(1, pauseEndNanos - clock.nanoTime()));
        Turn again = turn.next(loginCut, pause);
        line.addFirst(again);
        return again;
    }

    /** A handshake has logged in. */
    void succeeded() {
        pauses = 0;
        successes++;
        if (successes >= allowance && allowance < HandshakeGate.MAX_PER_HOST) {
            allowance++;
            successes = 0;
        }
    }

    /**
     * Starts the turns that may; to be told when the lock is released.
     *
     * @param proven keys that are known to log in
     * @param state of the {@link #circuit}; not asked here again, since time alone changes it
     */
    List<Turn> startNext(Set<SessionKey> proven, HostCircuit.State state) {
        List<Turn> started = new ArrayList<>(1);
        if (line.stream().anyMatch(turn -> turn.resting)) {
            return started;
        }
        Iterator<Turn> waiting = line.iterator();
        while (waiting.hasNext() && inFlight.size() < allowed(state)) {
            Turn next = waiting.next();
            if (proven.contains(next.key) || inFlight.stream().noneMatch(turn -> turn.key.equals(next.key))) {
                waiting.remove();
                inFlight.add(next);
                next.startedNanos = clock.nanoTime();
                started.add(next);
            }
        }
        return started;
    }

    private int allowed(HostCircuit.State state) {
        return switch (state) {
            case CLOSED -> allowance;
            case OPEN -> 0;
            case HALF_OPEN -> 1;
        };
    }

    /** Takes those of this key out of the line. */
    List<Turn> giveUp(SessionKey key) {
        List<Turn> lost = line.stream().filter(turn -> turn.key.equals(key)).toList();
        line.removeAll(lost);
        return lost;
    }

    /** Takes all out of the line. */
    List<Turn> giveUpAll() {
        List<Turn> lost = List.copyOf(line);
        line.clear();
        return lost;
    }

    /** Whether there is nothing here worth remembering. */
    boolean isIdle() {
        boolean forgetsPauses = !paused || clock.nanoTime() - pauseEndNanos > HostCircuit.MEMORY.toNanos();
        return inFlight.isEmpty() && line.isEmpty() && circuit.forgets() && forgetsPauses;
    }
}
