package hudson.model;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.triggers.SafeTimerTask;
import java.util.concurrent.TimeUnit;

/** Stands in for core's class of this name; the embedded controller schedules it. */
public abstract class PeriodicWork extends SafeTimerTask implements ExtensionPoint {
    protected static final long MIN = TimeUnit.MINUTES.toMillis(1);
    protected static final long HOUR = TimeUnit.HOURS.toMillis(1);
    protected static final long DAY = TimeUnit.DAYS.toMillis(1);

    /** In milliseconds. */
    public abstract long getRecurrencePeriod();

    public long getInitialDelay() {
        return getRecurrencePeriod();
    }

    public static ExtensionList<PeriodicWork> all() {
        return ExtensionList.lookup(PeriodicWork.class);
    }
}
