package io.jenkins.plugins.sshexec.lifecycle;

import hudson.Extension;
import hudson.model.PeriodicWork;
import java.util.concurrent.TimeUnit;

/** Closes sessions that have been unused or alive for too long. */
@Extension
public final class PoolMaintenance extends PeriodicWork {

    /** How much longer than configured a session may live. */
    private static final long RECURRENCE_MILLIS = TimeUnit.SECONDS.toMillis(20);

    @Override
    public long getRecurrencePeriod() {
        return RECURRENCE_MILLIS;
    }

    @Override
    protected void doRun() {
        SshPoolService.get().evictExpired();
    }
}
