package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.pool2.BaseKeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;

/**
 * How commons-pool2 makes and ends sessions, and which idle ones it ends. Making one does no I/O: a session is connected
 * after it was borrowed, so nobody ever waits inside commons-pool2. Nothing here throws, and closing never blocks,
 * because commons-pool2 closes sessions of other hosts on the thread that borrows. Thread-safe.
 */
final class SessionLifecycle extends BaseKeyedPooledObjectFactory<SessionKey, PooledSession> {

    private final NanoClock clock;
    private final PoolCounters counters;

    /** All that were made and not destroyed; the store can count its sessions, but not tell which they are. */
    private final Set<PooledSession> sessions = ConcurrentHashMap.newKeySet();

    SessionLifecycle(NanoClock clock, PoolCounters counters) {
        this.clock = clock;
        this.counters = counters;
    }

    /** The sessions in the store and those borrowed from it; a live view. */
    Set<PooledSession> sessions() {
        return sessions;
    }

    @Override
    public PooledSession create(SessionKey key) {
        PooledSession session = new PooledSession(key, clock, counters);
        sessions.add(session);
        return session;
    }

    @Override
    public PooledObject<PooledSession> wrap(PooledSession session) {
        return new DefaultPooledObject<>(session);
    }

    /** Whoever ends a session for a reason of its own has closed it before; what is still open has to make room. */
    @Override
    public void destroyObject(SessionKey key, PooledObject<PooledSession> pooled) {
        pooled.getObject().close(RetireReason.ROOM);
        sessions.remove(pooled.getObject());
    }

    /**
     * Judges an idle session, and closes it where it is to go.
     *
     * @param idleOfKey idle sessions of its key
     * @param keptOfKey so many of these are kept, however long they are idle
     * @param mayBeOpen sessions that may be open in all, in use or idle
     * @return whether it is to go
     */
    boolean evict(PooledSession session, int idleOfKey, int keptOfKey, int mayBeOpen, PoolSettings settings) {
        Optional<RetireReason> reason = evictionReason(session, idleOfKey, keptOfKey, mayBeOpen, settings);
        reason.ifPresent(session::close);
        return reason.isPresent();
    }

    private Optional<RetireReason> evictionReason(
            PooledSession session, int idleOfKey, int keptOfKey, int mayBeOpen, PoolSettings settings) {
        Optional<RetireReason> notKept = session.whyNotKept(settings.maxAge());
        if (notKept.isPresent()) {
            return notKept;
        }
        if (idleOfKey > keptOfKey && !session.usedWithin(settings.maxIdle())) {
            return Optional.of(RetireReason.IDLE);
        }
        if (idleOfKey > session.mostPerHost(settings.sessionsPerHost()) || sessions.size() > mayBeOpen) {
            return Optional.of(RetireReason.SETTINGS);
        }
        return Optional.empty();
    }
}
