package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.pool2.impl.GenericKeyedObjectPool;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;

/**
 * Where sessions are while nobody leases them: commons-pool2, used as a store that never waits and never does I/O on
 * behalf of a borrower. Of its limits only the one in total is in use; the others are the {@link LeaseQueue}'s business,
 * and whoever borrows has a slot there. Thread-safe.
 */
final class SessionStore {

    private static final Logger LOGGER = Logger.getLogger(SessionStore.class.getName());

    private final SessionLifecycle lifecycle;
    private final GenericKeyedObjectPool<SessionKey, PooledSession> pool;

    /**
     * Shared for borrowing and giving back, exclusive for eviction and the end. In commons-pool2 2.13.1 an eviction that
     * meets a borrower making room may destroy one session twice: {@code destroy} takes the session from the idle ones
     * first and invalidates it later, and {@code startEvictionTest} still succeeds in between. It is counted down twice
     * then; limits are exceeded, and when a key is counted down to nothing, its borrowed sessions cannot be given back.
     *
     * <p>Under this lock sessions are closed and asked whether they are open, neither of which ever blocks.
     */
    private final ReadWriteLock access = new ReentrantReadWriteLock();

    /** How many idle sessions of which keys are kept, however long they are idle. Replaced, never changed. */
    private volatile Map<SessionKey, Integer> kept = Map.of();

    SessionStore(Supplier<PoolSettings> settings, NanoClock clock, PoolCounters counters) {
        lifecycle = new SessionLifecycle(clock, counters);
        GenericKeyedObjectPoolConfig<PooledSession> config = new GenericKeyedObjectPoolConfig<>();
        config.setBlockWhenExhausted(false);
        config.setMaxTotalPerKey(-1);
        config.setMaxIdlePerKey(-1);
        config.setNumTestsPerEvictionRun(-1); // All of them.
        config.setJmxEnabled(false);
        pool = new GenericKeyedObjectPool<>(lifecycle, config);
        pool.setEvictionPolicy((unused, idle, idleOfKey) -> {
            int keptOfKey = kept.getOrDefault(idle.getObject().key(), 0);
            return lifecycle.evict(idle.getObject(), idleOfKey, keptOfKey, pool.getMaxTotal(), settings.get());
        });
        pool.setSwallowedExceptionListener(e -> LOGGER.log(Level.WARNING, "commons-pool2 went on after a failure", e));
    }

    /** All sessions, idle or borrowed; a live view. */
    Set<PooledSession> sessions() {
        return lifecycle.sessions();
    }

    /**
     * Sets how many sessions may be here or borrowed in all. It must leave room for one more than are borrowed or about to
     * be, or borrowing finds no room.
     */
    void resize(int sessions) {
        pool.setMaxTotal(sessions);
    }

    /** From now on so many idle sessions of these keys are kept, however long they are idle; of other keys none. */
    void keep(Map<SessionKey, Integer> leastIdle) {
        kept = Map.copyOf(leastIdle);
    }

    /** Idle sessions of this key. */
    int idle(SessionKey key) {
        return pool.getNumIdle(key);
    }

    /**
     * The idle session of this key that was used last, else one that is not connected. May close idle sessions of other
     * keys to make room.
     */
    PooledSession borrow(SessionKey key) throws PoolClosed {
        while (true) {
            access.readLock().lock();
            try {
                PooledSession session = pool.borrowObject(key);
                session.borrowed();
                return session;
            } catch (NoSuchElementException e) {
                // commons-pool2 counted the sessions, then looked for an idle one to close, and other borrowers closed
                // the last ones in between. So there is room now.
                Thread.onSpinWait();
            } catch (Exception e) {
                if (pool.isClosed()) {
                    throw new PoolClosed(key.endpoint());
                }
                throw unexpected(e);
            } finally {
                access.readLock().unlock();
            }
        }
    }

    /**
     * A session that is not connected, however many are idle, for which no other is closed.
     *
     * @param mostOpen empty where so many are here or borrowed
     */
    Optional<PooledSession> borrowNew(SessionKey key, int mostOpen) {
        access.writeLock().lock();
        try {
            if (pool.isClosed() || sessions().size() >= mostOpen) {
                return Optional.empty();
            }
            pool.addObject(key); // It comes before the others, so it is the one that is borrowed.
            return Optional.of(pool.borrowObject(key));
        } catch (Exception e) {
            throw unexpected(e);
        } finally {
            access.writeLock().unlock();
        }
    }

    /** Keeps a connected session for the next borrower. */
    void giveBack(PooledSession session) {
        access.readLock().lock();
        try {
            session.released();
            pool.returnObject(session.key(), session);
        } finally {
            access.readLock().unlock();
        }
    }

    /** Ends a borrowed session. */
    void discard(PooledSession session, RetireReason reason) {
        session.close(reason);
        access.readLock().lock();
        try {
            pool.invalidateObject(session.key(), session);
        } catch (Exception e) {
            throw unexpected(e);
        } finally {
            access.readLock().unlock();
        }
    }

    /** Ends the idle sessions that are dead, too old, too long idle, or too many. */
    void evict() {
        access.writeLock().lock();
        try {
            if (!pool.isClosed()) {
                pool.evict();
            }
        } catch (Exception e) {
            throw unexpected(e);
        } finally {
            access.writeLock().unlock();
        }
    }

    /** Closes all sessions, borrowed ones too; those are still to be given back or discarded. Idempotent. */
    void close() {
        access.writeLock().lock();
        try {
            sessions().forEach(session -> session.close(RetireReason.SHUTDOWN));
            pool.close();
        } finally {
            access.writeLock().unlock();
        }
    }

    /** commons-pool2 declares what its factories may throw; ours throws nothing. */
    private static IllegalStateException unexpected(Exception e) {
        return new IllegalStateException("commons-pool2 was used wrongly", e);
    }
}
