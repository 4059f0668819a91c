package hudson.security;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

/** Stands in for core's class of this name. */
public class AccessDeniedException3 extends AccessDeniedException {
    private static final long serialVersionUID = 1L;

    public final transient Authentication authentication;
    public final transient Permission permission;

    public AccessDeniedException3(Authentication authentication, Permission permission) {
        super("%s is missing the %s/%s permission"
                .formatted(authentication.getName(), permission.group.title, permission.name));
        this.authentication = authentication;
        this.permission = permission;
    }
}
