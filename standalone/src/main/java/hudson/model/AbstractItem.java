package hudson.model;

import hudson.security.ACL;
import java.io.File;
import jenkins.model.Jenkins;

/** Stands in for core's class of this name. */
public abstract class AbstractItem extends Actionable implements Item {
    private final ItemGroup<?> parent;
    private final String name;

    protected AbstractItem(ItemGroup<?> parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @Override
    public ItemGroup<?> getParent() {
        return parent;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDisplayName() {
        return name;
    }

    @Override
    public final String getFullName() {
        String group = parent.getFullName();
        return group.isEmpty() ? name : group + "/" + name;
    }

    @Override
    public final String getFullDisplayName() {
        String group = parent.getFullDisplayName();
        return group.isEmpty() ? getDisplayName() : group + " » " + getDisplayName();
    }

    @Override
    public final String getUrl() {
        return parent.getUrl() + "job/" + name + "/";
    }

    public File getRootDir() {
        return new File(Jenkins.get().getRootDir(), "jobs/" + getFullName().replace("/", "/jobs/"));
    }

    /** One list of grants holds for the whole embedded controller. */
    @Override
    public ACL getACL() {
        return Jenkins.get().getACL();
    }

    /** Kept in memory only. */
    @Override
    public void save() {}

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + getFullName() + "]";
    }
}
