package hudson.security;

import org.jvnet.localizer.Localizable;

/** Stands in for core's class of this name. */
public final class PermissionGroup {
    @SuppressWarnings("rawtypes") // its type in core
    public final Class owner;

    public final Localizable title;

    private final String id;

    public PermissionGroup(String id, Class<?> owner, Localizable title) {
        this.id = id;
        this.owner = owner;
        this.title = title;
    }

    public PermissionGroup(Class<?> owner, Localizable title) {
        this(title.toString(), owner, title);
    }

    public String getId() {
        return id;
    }
}
