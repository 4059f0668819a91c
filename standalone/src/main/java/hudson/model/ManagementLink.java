package hudson.model;

import hudson.ExtensionPoint;
import hudson.security.Permission;
import jenkins.model.Jenkins;

/** Stands in for core's class of this name: an entry of the page Manage Jenkins. */
public abstract class ManagementLink implements ExtensionPoint, Action {
    /** Where on that page. */
    public enum Category {
        STATUS
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
        return Category.STATUS;
    }
}
