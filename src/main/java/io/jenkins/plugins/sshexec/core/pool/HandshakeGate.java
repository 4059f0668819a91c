package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Rations handshakes, because servers drop or penalise clients that make too many at once or log in wrongly again and
 * again (MaxStartups and PerSourcePenalties in sshd_config(5)). Two rules:
 *
 * <ol>
 *   <li>At most {@link #MAX_PER_HOST} handshakes are in flight to one host and port; the others wait in their order.
 *   <li>Of a key that is not known to log in, one handshake is in flight. Where it shows that the key cannot log in, those
 *       that wait for the same key fail as it did, without a handshake.
 * </ol>
 *
 * <p>Nobody waits with a thread. Thread-safe; futures are completed after the lock is released, on the thread whose call
 * made the room.
 */
final class HandshakeGate {

    /** OpenSSH's default, MaxStartups 10:30:100, begins to drop connections at random from the tenth on. */
    static final int MAX_PER_HOST = 8;

    /**
     * One handshake, from the wish for it to its end. Whoever {@link #enter enters} a turn must {@link #leave} with it,
     * whatever happened.
     */
    static final class Turn {
        private final SessionKey key;

        /** Completes when the handshake may start; exceptionally where it is not to be made at all. */
        final CompletableFuture<Void> start = new CompletableFuture<>();

        private Turn(SessionKey key) {
            this.key = key;
        }
    }

    /** The turns of one host and port. */
    private static final class Host {
        final List<Turn> inFlight = new ArrayList<>();
        final Deque<Turn> line = new ArrayDeque<>();
    }

    /** A leaf: no other lock is taken with it held. */
    private final Object lock = new Object();

    /** Those with a turn. Guarded by {@link #lock}. */
    private final Map<Endpoint, Host> hosts = new HashMap<>();

    /** Keys whose latest handshake logged in. Guarded by {@link #lock}. */
    private final Set<SessionKey> proven = new HashSet<>();

    /** Asks for a handshake; the turn may have started already on return. */
    Turn enter(SessionKey key) {
        Turn turn = new Turn(key);
        List<Turn> started;
        synchronized (lock) {
            Host host = hosts.computeIfAbsent(key.endpoint(), endpoint -> new Host());
            host.line.add(turn);
            started = startNext(host);
        }
        started.forEach(next -> next.start.complete(null));
        return turn;
    }

    /**
     * Ends a turn, whether its handshake was made or not.
     *
     * @param failure why there was no handshake or why it failed; null where it logged in
     */
    void leave(Turn turn, Throwable failure) {
        List<Turn> refused = new ArrayList<>();
        List<Turn> started;
        synchronized (lock) {
            Host host = hosts.get(turn.key.endpoint());
            if (host == null || !host.line.remove(turn) && !host.inFlight.remove(turn)) {
                return; // It failed with an earlier turn of its key, and was taken out then.
            }
            if (failure == null) {
                proven.add(turn.key);
            } else if (showsUselessKey(failure)) {
                proven.remove(turn.key);
                takeOutOfLine(host, turn.key, refused);
            }
            started = startNext(host);
            if (host.line.isEmpty() && host.inFlight.isEmpty()) {
                hosts.remove(turn.key.endpoint());
            }
        }
        refused.forEach(next -> next.start.completeExceptionally(failure));
        started.forEach(next -> next.start.complete(null));
    }

    /** Forgets the logins of keys other than these, so that the memory of them does not grow for ever. */
    void forgetAllBut(Collection<SessionKey> keys) {
        synchronized (lock) {
            proven.retainAll(Set.copyOf(keys));
        }
    }

    /** Call with the lock held. */
    private List<Turn> startNext(Host host) {
        List<Turn> started = new ArrayList<>(1);
        Iterator<Turn> line = host.line.iterator();
        while (line.hasNext() && host.inFlight.size() < MAX_PER_HOST) {
            Turn next = line.next();
            if (proven.contains(next.key) || host.inFlight.stream().noneMatch(turn -> turn.key.equals(next.key))) {
                line.remove();
                host.inFlight.add(next);
                started.add(next);
            }
        }
        return started;
    }

    /** Call with the lock held. */
    private static void takeOutOfLine(Host host, SessionKey key, Collection<Turn> refused) {
        host.line.removeIf(turn -> turn.key.equals(key) && refused.add(turn));
    }

    /** Whether another handshake of the same key would certainly fail the same way. */
    private static boolean showsUselessKey(Throwable failure) {
        return failure instanceof SshException.LoginRefused
                || failure instanceof SshException.UnusableKey
                || failure instanceof SshException.HostKeyRefused;
    }
}
