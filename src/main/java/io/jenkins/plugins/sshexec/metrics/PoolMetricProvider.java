package io.jenkins.plugins.sshexec.metrics;

import com.codahale.metrics.MetricSet;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.metrics.api.MetricProvider;

/** Hands the pool's metrics to the metrics plugin, which alone makes use of this extension. */
@Extension(optional = true)
public final class PoolMetricProvider extends MetricProvider {

    private final PoolMetrics metrics =
            new PoolMetrics(() -> SshPoolService.get().pool().snapshot());

    /** Whether the timers are told; before anybody asks for them they need not be. */
    private final AtomicBoolean listening = new AtomicBoolean();

    @NonNull
    @Override
    public MetricSet getMetricSet() {
        if (listening.compareAndSet(false, true)) {
            SshPoolService.get().addTimings(metrics);
        }
        return metrics;
    }
}
