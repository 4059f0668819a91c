package io.jenkins.plugins.sshexec.lifecycle;

import hudson.Extension;
import hudson.model.PeriodicWork;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import jenkins.util.SystemProperties;

/** Closes sessions that have been unused or alive for too long, and has leases named that are held for long. */
@Extension
public final class PoolMaintenance extends PeriodicWork {

    /** How much longer than configured a session may live. */
    private static final long RECURRENCE_MILLIS = TimeUnit.SECONDS.toMillis(20);

    /** A system property: minutes after which a lease is named in the log. */
    static final String LEASE_WARNING = PoolMaintenance.class.getName() + ".leaseWarningMinutes";

    private static final Duration LEASE_WARNING_DEFAULT = Duration.ofHours(2);

    @Override
    public long getRecurrencePeriod() {
        return RECURRENCE_MILLIS;
    }

    @Override
    protected void doRun() {
        SshPoolService service = SshPoolService.get();
        service.evictExpired();
        service.leaseWatch()
                .check(SystemProperties.getDuration(LEASE_WARNING, ChronoUnit.MINUTES, LEASE_WARNING_DEFAULT));
    }
}
