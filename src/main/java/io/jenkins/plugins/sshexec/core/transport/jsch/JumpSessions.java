package io.jenkins.plugins.sshexec.core.transport.jsch;

import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The sessions to jump hosts. One serves all sessions that go through the same host with the same login, since a tunnel
 * through it costs the server no session (sshd_config(5), MaxSessions: forwarding is not counted); it is kept for a while
 * when none goes through it any more.
 *
 * <p>They are no sessions of the pool and take none of its permits, so a caller that has a permit for the host behind never
 * waits for another one. What it may wait for is that somebody else opens the jump host's session, on a thread that has begun
 * to do so and waits, if at all, for a hop nearer to the controller: hops are values nested in each other, so there is no
 * circle. There are never more of these sessions than hops of the pool's sessions, and kept ones.
 *
 * <p>Thread-safe. Its lock is a leaf: under it nothing is opened, checked, waited for or told.
 */
public final class JumpSessions implements AutoCloseable {

    /** One that was used so shortly ago is lent without asking for a sign of life. */
    private static final Duration BYPASS_WINDOW = Duration.ofMillis(500);

    /** Connects and logs in. */
    @FunctionalInterface
    interface Opener {
        JschSession open(SessionSpec spec) throws SshException;
    }

    private final NanoClock clock;

    /** Those that may be lent, and those being opened. Guarded by this, like the next. */
    private final Map<SessionKey, Jump> jumps = new HashMap<>();

    private boolean closed;

    public JumpSessions(NanoClock clock) {
        this.clock = clock;
    }

    /** The session to one jump host. Its fields are guarded by the lock of {@link JumpSessions}. */
    private final class Jump {
        private final CompletableFuture<JschSession> session = new CompletableFuture<>();
        private final long bornNanos = clock.nanoTime();
        private long usedNanos = bornNanos;
        private int users;
        private boolean retired;
    }

    /** The right to use a session to a jump host, until it is closed. */
    final class Use implements AutoCloseable {
        private final Jump jump;
        private boolean over;

        private Use(Jump jump) {
            this.jump = jump;
        }

        JschSession session() {
            return jump.session.join();
        }

        /** Idempotent. */
        @Override
        public void close() {
            synchronized (JumpSessions.this) {
                if (over) {
                    return;
                }
                over = true;
            }
            release(jump);
        }
    }

    /**
     * The session to a jump host; opened, if there is none, on the calling thread, which blocks meanwhile.
     *
     * @param limit what the deadline was made of, for the message
     * @throws SshException whose endpoint is that of the hop which failed
     */
    Use acquire(SessionSpec hop, Opener opener, Duration limit, Deadline deadline, Cancellation cancellation)
            throws SshException {
        while (true) {
            cancellation.throwIfCancelled();
            Jump jump;
            boolean mine;
            synchronized (this) {
                if (closed) {
                    throw new PoolClosed(hop.endpoint());
                }
                mine = !jumps.containsKey(hop.key());
                jump = jumps.computeIfAbsent(hop.key(), key -> new Jump());
                jump.users++;
            }
            Use use = new Use(jump);
            boolean fit = false;
            try {
                fit = mine ? open(jump, hop, opener) : isFit(jump, hop, limit, deadline, cancellation);
                if (fit) {
                    return use;
                }
            } finally {
                if (!fit) {
                    retire(hop.key(), jump);
                    use.close();
                }
            }
        }
    }

    private boolean open(Jump jump, SessionSpec hop, Opener opener) throws SshException {
        try {
            jump.session.complete(opener.open(hop));
            return true;
        } catch (SshException | RuntimeException | Error e) {
            jump.session.completeExceptionally(e); // Errors too: others wait for this.
            throw e;
        }
    }

    /** Whether the session that somebody else opened, or opens, can be used. */
    private boolean isFit(Jump jump, SessionSpec hop, Duration limit, Deadline deadline, Cancellation cancellation)
            throws SshException {
        CompletableFuture<JschSession> opening = jump.session.copy();
        try (Cancellation.Registration ignored = cancellation.onCancel(() -> opening.cancel(false))) {
            JschSession session = opening.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            return isFit(jump, session, hop, deadline, cancellation);
        } catch (TimeoutException e) {
            // That somebody else's attempt takes longer says nothing against it, so it goes on.
            throw new ConnectTimeout(hop.endpoint(), Stage.WAITING, limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        } catch (CancellationException e) {
            throw e; // the caller's own
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SshException failure) {
                throw failure;
            }
            if (e.getCause() instanceof CancellationException) {
                return false; // the one who opened it was cancelled
            }
            throw new IllegalStateException("A session to a jump host could not be opened", e.getCause());
        }
    }

    private boolean isFit(
            Jump jump, JschSession session, SessionSpec hop, Deadline deadline, Cancellation cancellation) {
        if (!session.isOpen() || !session.facts().hostProof().isAcceptedBy(hop.hostKeyPolicy(), hop.endpoint())) {
            return false;
        }
        boolean usedJustNow;
        synchronized (this) {
            usedJustNow = clock.nanoTime() - jump.usedNanos < BYPASS_WINDOW.toNanos();
            jump.usedNanos = clock.nanoTime();
        }
        return usedJustNow || session.check(deadline.remaining(), cancellation);
    }

    /** Lends it no more; it is closed when nobody uses it any more. */
    private synchronized void retire(SessionKey key, Jump jump) {
        jump.retired = true;
        jumps.remove(key, jump);
    }

    private void release(Jump jump) {
        boolean end;
        synchronized (this) {
            jump.users--;
            jump.usedNanos = clock.nanoTime();
            end = jump.users == 0 && (jump.retired || closed);
        }
        if (end) {
            end(jump);
        }
    }

    private static void end(Jump jump) {
        // Where the opening failed, there is nothing to close.
        jump.session.thenAccept(JschSession::close);
    }

    /** Ends those that nobody has used for so long, and lends those no more that are so old. */
    public void evict(Duration maxIdle, Duration maxAge) {
        List<Jump> unused = new ArrayList<>();
        synchronized (this) {
            long now = clock.nanoTime();
            for (Iterator<Jump> all = jumps.values().iterator(); all.hasNext(); ) {
                Jump jump = all.next();
                boolean idle = jump.users == 0 && now - jump.usedNanos >= maxIdle.toNanos();
                if (idle || now - jump.bornNanos >= maxAge.toNanos()) {
                    all.remove();
                    jump.retired = true;
                    if (jump.users == 0) {
                        unused.add(jump);
                    }
                }
            }
        }
        unused.forEach(JumpSessions::end);
    }

    /** How many there are, those being opened included. */
    public synchronized int size() {
        return jumps.size();
    }

    /** Closes all, and with them the sessions that go through them. Idempotent. */
    @Override
    public void close() {
        List<Jump> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(jumps.values());
            jumps.clear();
        }
        all.forEach(JumpSessions::end);
    }
}
