package io.jenkins.plugins.sshexec.metrics;

import com.codahale.metrics.CachedGauge;
import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricSet;
import com.codahale.metrics.Timer;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.RefusalReason;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.time.Timings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * The pool's gauges, counters and timers under the names of docs/operations.md, which are kept as they are. Thread-safe.
 */
final class PoolMetrics implements MetricSet, Timings {

    private static final String PREFIX = "ssh-exec.";

    /** All gauges of one scrape are of one snapshot. */
    private static final long CACHE_MILLIS = 1_000;

    private final Map<Part, Timer> timers = new EnumMap<>(Part.class);

    /** Complete before the constructor ends; never changed after. */
    private final Map<String, Metric> metrics = new HashMap<>();

    private final Gauge<PoolSnapshot> snapshot;

    PoolMetrics(Supplier<PoolSnapshot> pool) {
        snapshot = new LatestSnapshot(pool);
        gauge("sessions.in-use", PoolSnapshot.Host::sessionsInUse);
        gauge("sessions.idle", PoolSnapshot.Host::sessionsIdle);
        gauge("leases", PoolSnapshot.Host::leases);
        gauge("waiting", PoolSnapshot.Host::waiting);
        gauge("hosts", host -> 1);
        gauge("hosts.paused", host -> host.paused() ? 1 : 0);
        counter("sessions.opened", PoolSnapshot::opened);
        counter("sessions.reused", PoolSnapshot::reused);
        counter("sessions.replaced", PoolSnapshot::replaced);
        for (RetireReason reason : RetireReason.values()) {
            counter("sessions.closed." + name(reason), now -> now.retired().getOrDefault(reason, 0L));
        }
        for (RefusalReason reason : RefusalReason.values()) {
            counter("refused." + name(reason), now -> now.refused().getOrDefault(reason, 0L));
        }
        for (Part part : Part.values()) {
            Timer timer = new Timer();
            timers.put(part, timer);
            metrics.put(PREFIX + "time." + name(part), timer);
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All hosts together. */
    private void gauge(String name, ToIntFunction<PoolSnapshot.Host> value) {
        Gauge<Integer> gauge =
                () -> snapshot.getValue().hosts().stream().mapToInt(value).sum();
        metrics.put(PREFIX + name, gauge);
    }

    private void counter(String name, ToLongFunction<PoolSnapshot> value) {
        metrics.put(PREFIX + name, new PoolCounter(() -> value.applyAsLong(snapshot.getValue())));
    }

    @Override
    public Map<String, Metric> getMetrics() {
        return Map.copyOf(metrics);
    }

    @Override
    public void took(Part part, Duration duration) {
        timers.get(part).update(duration);
    }

    private static final class LatestSnapshot extends CachedGauge<PoolSnapshot> {

        private final Supplier<PoolSnapshot> pool;

        LatestSnapshot(Supplier<PoolSnapshot> pool) {
            super(CACHE_MILLIS, TimeUnit.MILLISECONDS);
            this.pool = pool;
        }

        @Override
        protected PoolSnapshot loadValue() {
            return pool.get();
        }
    }

    /** What the pool has counted; a type of its own, so that exporters know that it only grows. */
    private static final class PoolCounter extends Counter {

        private final Supplier<Long> count;

        PoolCounter(Supplier<Long> count) {
            this.count = count;
        }

        @Override
        public long getCount() {
            return count.get();
        }

        @Override
        public void inc(long more) {
            throw new UnsupportedOperationException("The pool counts");
        }

        @Override
        public void dec(long less) {
            throw new UnsupportedOperationException("The pool counts");
        }
    }
}
