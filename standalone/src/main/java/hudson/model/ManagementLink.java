package hudson.model;

import hudson.ExtensionPoint;
import hudson.security.Permission;
import jenkins.management.Badge;
import jenkins.model.Jenkins;

/** Stands in for core's class of this name: a page under Manage Jenkins, which is not shown here. */
public abstract class ManagementLink implements ExtensionPoint, Action {
    /** Groups of pages. */
    public enum Category {
        CONFIGURATION,
        SECURITY,
        STATUS,
        TROUBLESHOOTING,
        TOOLS,
        MISC,
        UNCATEGORIZED
    }

    @Override
    public abstract String getIconFileName();

    public String getDescription() {
        return "";
    }

    @Override
    public abstract String getUrlName();

    public Permission getRequiredPermission() {
        return Jenkins.ADMINISTER;
    }

    public Category getCategory() {
        return Category.UNCATEGORIZED;
    }

    public Badge getBadge() {
        return null;
    }
}
