package hudson.model;

import hudson.ExtensionPoint;

/** Stands in for core's class of this name: a warning to administrators, which is not shown here. */
public abstract class AdministrativeMonitor implements ExtensionPoint {
    public final String id;

    protected AdministrativeMonitor() {
        this.id = getClass().getName();
    }

    public String getUrl() {
        return "administrativeMonitor/" + id;
    }

    public String getDisplayName() {
        return id;
    }

    public abstract boolean isActivated();

    public boolean isSecurity() {
        return false;
    }
}
