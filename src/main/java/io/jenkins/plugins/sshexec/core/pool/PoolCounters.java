package io.jenkins.plugins.sshexec.core.pool;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the pool has done since it was made. Thread-safe without locks, so that counting may happen under any of them. */
final class PoolCounters {

    private final LongAdder opened = new LongAdder();
    private final LongAdder reused = new LongAdder();

    /** Has an adder for each reason from the start; the map itself never changes. */
    private final Map<RetireReason, LongAdder> retired = new EnumMap<>(RetireReason.class);

    PoolCounters() {
        for (RetireReason reason : RetireReason.values()) {
            retired.put(reason, new LongAdder());
        }
    }

    /** A session was opened. */
    void opened() {
        opened.increment();
    }

    /** A lease was given on a session that was not opened for it. */
    void reused() {
        reused.increment();
    }

    /** A session was closed. */
    void retired(RetireReason reason) {
        retired.get(reason).increment();
    }

    long openedSoFar() {
        return opened.sum();
    }

    long reusedSoFar() {
        return reused.sum();
    }

    /** Sessions closed by reason; reasons that never occurred are left out. */
    Map<RetireReason, Long> retiredSoFar() {
        Map<RetireReason, Long> counts = new EnumMap<>(RetireReason.class);
        retired.forEach((reason, count) -> {
            if (count.sum() > 0) {
                counts.put(reason, count.sum());
            }
        });
        return counts;
    }
}
