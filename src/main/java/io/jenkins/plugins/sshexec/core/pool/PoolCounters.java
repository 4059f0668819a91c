package io.jenkins.plugins.sshexec.core.pool;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the pool has done since it was made. Thread-safe without locks, so that counting may happen under any of them. */
final class PoolCounters {

    private final AtomicLong opened = new AtomicLong();
    private final LongAdder reused = new LongAdder();
    private final LongAdder replaced = new LongAdder();

    /** Have an adder for each reason from the start; the maps themselves never change. */
    private final Map<RetireReason, LongAdder> retired = adders(RetireReason.class);

    private final Map<RefusalReason, LongAdder> refused = adders(RefusalReason.class);

    private static <R extends Enum<R>> Map<R, LongAdder> adders(Class<R> reasons) {
        Map<R, LongAdder> adders = new EnumMap<>(reasons);
        for (R reason : reasons.getEnumConstants()) {
            adders.put(reason, new LongAdder());
        }
        return adders;
    }

    /** A session was opened. Returns its number, by which it is told from all others of this pool. */
    long opened() {
        return opened.incrementAndGet();
    }

    /** A lease was given on a session that was not opened for it. */
    void reused() {
        reused.increment();
    }

    /** A session that was to be lent was not fit for it. Another takes its place. */
    void replaced() {
        replaced.increment();
    }

    /** A lease that was asked for came to nothing. */
    void refused(RefusalReason reason) {
        refused.get(reason).increment();
    }

    /** A session was closed. */
    void retired(RetireReason reason) {
        retired.get(reason).increment();
    }

    long openedSoFar() {
        return opened.get();
    }

    long reusedSoFar() {
        return reused.sum();
    }

    long replacedSoFar() {
        return replaced.sum();
    }

    /** Sessions closed by reason; reasons that never occurred are left out. */
    Map<RetireReason, Long> retiredSoFar() {
        return sums(retired);
    }

    /** Leases refused by reason; reasons that never occurred are left out. */
    Map<RefusalReason, Long> refusedSoFar() {
        return sums(refused);
    }

    private static <R> Map<R, Long> sums(Map<R, LongAdder> adders) {
        Map<R, Long> counts = new HashMap<>();
        adders.forEach((reason, count) -> {
            long sum = count.sum();
            if (sum > 0) {
                counts.put(reason, sum);
            }
        });
        return counts;
    }
}
