package io.jenkins.plugins.sshexec.management;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.time.Instant;

/** Keeps the {@link PoolHistory} that the page draws. */
@Extension
public final class PoolSampler extends PeriodicWork {

    private final PoolHistory history = new PoolHistory();

    static PoolHistory history() {
        return ExtensionList.lookupSingleton(PoolSampler.class).history;
    }

    @Override
    public long getInitialDelay() {
        return PoolHistory.STEP.toMillis();
    }

    @Override
    public long getRecurrencePeriod() {
        return PoolHistory.STEP.toMillis();
    }

    @Override
    protected void doRun() {
        history.add(PoolHistory.Sample.of(SshPoolService.get().pool().snapshot(), Instant.now()));
    }
}
