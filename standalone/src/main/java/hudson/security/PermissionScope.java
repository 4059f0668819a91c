package hudson.security;

/** Stands in for core's class of this name: what a permission can be granted on. */
public final class PermissionScope {
    public static final PermissionScope JENKINS = new PermissionScope(jenkins.model.Jenkins.class);
    public static final PermissionScope ITEM_GROUP = new PermissionScope(hudson.model.ItemGroup.class, JENKINS);
    public static final PermissionScope ITEM = new PermissionScope(hudson.model.Item.class, ITEM_GROUP);
    public static final PermissionScope RUN = new PermissionScope(hudson.model.Run.class, ITEM);

    public final Class<?> modelClass;

    public PermissionScope(Class<?> modelClass, PermissionScope... containers) {
        this.modelClass = modelClass;
    }
}
