package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.HostCertificateRefused;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Rations handshakes, because servers drop or penalise clients that make too many at once or log in wrongly again and
 * again (MaxStartups and PerSourcePenalties in sshd_config(5)). Four rules:
 *
 * <ol>
 *   <li>At most {@link #MAX_PER_HOST} handshakes are in flight to one host and port, and fewer where it has shown that it
 *       bears fewer ({@link HostHandshakes}); the others wait in their order.
 *   <li>Of a key that is not known to log in, one handshake is in flight. Where it shows that the key cannot log in, those
 *       that wait for the same key fail as it did, without a handshake.
 *   <li>A handshake whose connection was cut may be tried again ({@link #again}), after a pause for the whole host ({@link
 *       BackOff}); in the middle of the login only twice, because a server may refuse a login by closing. One that a server
 *       refuses with words never is.
 *   <li>To a host that could not be reached several times in a row, none is made for a while ({@link HostCircuit}).
 * </ol>
 *
 * <p>Nobody waits with a thread. Thread-safe; futures are completed after the lock is released, on the thread whose call
 * made the room.
 */
final class HandshakeGate {

    /** OpenSSH's default, MaxStartups 10:30:100, begins to drop connections at random from the tenth on. */
    static final int MAX_PER_HOST = 8;

    /** With the pauses between them these take about twelve seconds. */
    static final int MAX_TRIES = 8;

    /**
     * So many logins of one caller may be cut. Where that is how the server refuses them, they count as failed ones there;
     * directories and fail2ban lock out after five, as they come.
     */
    static final int MAX_CUT_LOGINS = 3;

    /**
     * One handshake, from the wish for it to its end. Whoever {@link #enter enters} a turn must {@link #leave} with it,
     * whatever happened.
     */
    static final class Turn {
        final SessionKey key;

        /** Handshakes of the same caller up to and with this one. */
        final int tries;

        /** Of the handshakes before this one, those that were cut in the middle of the login. */
        final int cutLogins;

        /** How long it rests before it may start. */
        final Duration pause;

        /** Completes when the handshake may start; exceptionally where it is not to be made at all. */
        final CompletableFuture<Void> start = new CompletableFuture<>();

        /** Its pause is not over. Guarded by the gate's lock. */
        boolean resting;

        /** When it was started. Guarded by the gate's lock. */
        long startedNanos;

        /** A caller's first. */
        Turn(SessionKey key) {
            this(key, 1, 0, Duration.ZERO);
        }

        private Turn(SessionKey key, int tries, int cutLogins, Duration pause) {
            this.key = key;
            this.tries = tries;
            this.cutLogins = cutLogins;
            this.pause = pause;
            this.resting = !pause.isZero();
        }

        /** The one after this. */
        Turn next(boolean loginCut, Duration afterPause) {
            return new Turn(key, tries + 1, cutLogins + (loginCut ? 1 : 0), afterPause);
        }
    }

    private final NanoClock clock;
    private final BackOff backOff;

    /** A leaf: no other lock is taken with it held. */
    private final Object lock = new Object();

    /** Those with a turn, or of which something is to be remembered. Guarded by {@link #lock}. */
    private final Map<Endpoint, HostHandshakes> hosts = new HashMap<>();

    /** Keys whose latest handshake logged in. Guarded by {@link #lock}. */
    private final Set<SessionKey> proven = new HashSet<>();

    HandshakeGate(NanoClock clock, BackOff backOff) {
        this.clock = clock;
        this.backOff = backOff;
    }

    /** Asks for a handshake; the turn may have started, or failed, already on return. */
    Turn enter(SessionKey key) {
        Turn turn = new Turn(key);
        Changes changes = new Changes();
        synchronized (lock) {
            HostHandshakes host = hosts.computeIfAbsent(key.endpoint(), endpoint -> new HostHandshakes(clock, backOff));
            host.enter(turn);
            proceed(key.endpoint(), host, changes);
        }
        changes.tell();
        return turn;
    }

    /**
     * Ends a turn, whether its handshake was made or not.
     *
     * @param failure why there was no handshake or why it failed; null where it logged in
     */
    void leave(Turn turn, Throwable failure) {
        Changes changes = new Changes();
        synchronized (lock) {
            HostHandshakes host = hosts.get(turn.key.endpoint());
            if (host == null || !host.leave(turn)) {
                return; // It failed with an earlier turn, and was taken out then.
            }
            host.circuit.ended(failure);
            if (failure == null) {
                proven.add(turn.key);
                host.succeeded();
            } else if (showsUselessKey(failure) || isCutLogin(failure) && !proven.contains(turn.key)) {
                proven.remove(turn.key);
                changes.refused(host.giveUp(turn.key), failure);
            }
            proceed(turn.key.endpoint(), host, changes);
            if (host.isIdle()) {
                hosts.remove(turn.key.endpoint());
            }
        }
        changes.tell();
    }

    /**
     * Ends a turn whose handshake was made and failed, if another try may go better and can do no harm. Nothing has changed
     * where it may not, but for what is known of the key.
     *
     * @return the turn in its place, which needs to be {@link #resume resumed} after its pause
     */
    Optional<Turn> again(Turn turn, SshException failure) {
        Changes changes = new Changes();
        Optional<Turn> again = Optional.empty();
        synchronized (lock) {
            HostHandshakes host = hosts.get(turn.key.endpoint());
            boolean loginCut = isCutLogin(failure);
            if (loginCut) {
                // It may be a refusal: until the key has logged in again, it is tried once at a time.
                proven.remove(turn.key);
            }
            if (failure instanceof ConnectFailed connect && mayBeTriedAgain(turn, connect)) {
                again = Optional.of(host.again(turn, loginCut));
                proceed(turn.key.endpoint(), host, changes);
            }
        }
        changes.tell();
        return again;
    }

    /** The turn's pause is over. */
    void resume(Turn turn) {
        Changes changes = new Changes();
        synchronized (lock) {
            turn.resting = false;
            HostHandshakes host = hosts.get(turn.key.endpoint());
            if (host != null) {
                proceed(turn.key.endpoint(), host, changes);
            }
        }
        changes.tell();
    }

    /** Forgets the logins of keys other than these, and hosts of which nothing is left to know. */
    void tidy(Collection<SessionKey> keys) {
        synchronized (lock) {
            proven.retainAll(Set.copyOf(keys));
            hosts.values().removeIf(HostHandshakes::isIdle);
        }
    }

    /** Hosts to which the latest connects failed, in the order of their names. */
    List<PoolSnapshot.Outage> outages() {
        synchronized (lock) {
            return hosts.entrySet().stream()
                    .flatMap(host -> host.getValue().circuit.outage(host.getKey()).stream())
                    .sorted(Comparator.comparing(outage -> outage.endpoint().toString()))
                    .toList();
        }
    }

    /** Starts what may start; where the circuit is open, nothing waits. Call with the lock held. */
    private void proceed(Endpoint endpoint, HostHandshakes host, Changes changes) {
        HostCircuit.State state = host.circuit.state();
        if (state == HostCircuit.State.OPEN) {
            changes.refused(host.giveUpAll(), host.circuit.unavailable(endpoint));
        } else {
            changes.started(host.startNext(proven, state));
        }
    }

    /** Whether another handshake of the same key would certainly fail the same way. */
    private static boolean showsUselessKey(Throwable failure) {
        return failure instanceof LoginRefused
                || failure instanceof UnusableKey
                || failure instanceof HostKeyRefused
                || failure instanceof HostCertificateRefused;
    }

    private static boolean isCutLogin(Throwable failure) {
        return failure instanceof ConnectFailed connect && connect.stage() == Stage.LOGIN && connect.isDropped();
    }

    /**
     * Whether the connection was cut, as by a host that has no room for one more, or the host is just being restarted. A
     * refused TCP connection is final where nothing shows that the host has an SSH server: this key was not let in before,
     * and this caller has not just been cut off. Call with the lock held.
     */
    private boolean mayBeTriedAgain(Turn turn, ConnectFailed connect) {
        if (turn.tries >= MAX_TRIES) {
            return false;
        }
        if (connect.stage() == Stage.TCP) {
            return connect.getCause() instanceof ConnectException && (turn.tries > 1 || proven.contains(turn.key));
        }
        return connect.isDropped() && (connect.stage() != Stage.LOGIN || turn.cutLogins + 1 < MAX_CUT_LOGINS);
    }

    /** What is to be told to the turns' owners, without the lock. */
    private static final class Changes {
        private final List<Runnable> news = new ArrayList<>(1);

        void started(Collection<Turn> turns) {
            turns.forEach(turn -> news.add(() -> turn.start.complete(null)));
        }

        void refused(Collection<Turn> turns, Throwable failure) {
            turns.forEach(turn -> news.add(() -> turn.start.completeExceptionally(failure)));
        }

        void tell() {
            news.forEach(Runnable::run);
        }
    }
}
