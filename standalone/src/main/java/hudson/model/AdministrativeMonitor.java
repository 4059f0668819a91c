package hudson.model;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.security.Permission;
import java.io.IOException;
import jenkins.model.Jenkins;

/** Stands in for core's class of this name: a warning to administrators. */
public abstract class AdministrativeMonitor implements ExtensionPoint, ModelObject {
    public final String id;

    private boolean enabled = true;

    protected AdministrativeMonitor(String id) {
        this.id = id;
    }

    protected AdministrativeMonitor() {
        this.id = getClass().getName();
    }

    public abstract boolean isActivated();

    public boolean isSecurity() {
        return false;
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void disable(boolean value) throws IOException {
        enabled = !value;
    }

    public String getUrl() {
        return "administrativeMonitor/" + id;
    }

    @Override
    public String getDisplayName() {
        return id;
    }

    public Permission getRequiredPermission() {
        return Jenkins.ADMINISTER;
    }

    public static ExtensionList<AdministrativeMonitor> all() {
        return ExtensionList.lookup(AdministrativeMonitor.class);
    }
}
