package hudson.security;

import java.util.Arrays;
import java.util.function.BiFunction;
import jenkins.model.Jenkins;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

/** Stands in for core's class of this name: who may do what, and who this thread acts for. */
public abstract class ACL {
    public static final String SYSTEM_USERNAME = "SYSTEM";
    public static final String ANONYMOUS_USERNAME = "anonymous";

    public static final Authentication SYSTEM2 =
            new UsernamePasswordAuthenticationToken(SYSTEM_USERNAME, SYSTEM_USERNAME);

    public boolean hasPermission2(Authentication user, Permission permission) {
        throw new AbstractMethodError();
    }

    public final boolean hasPermission(Permission permission) {
        Authentication user = Jenkins.getAuthentication2();
        return user.equals(SYSTEM2) || hasPermission2(user, permission);
    }

    public final boolean hasAnyPermission(Permission... permissions) {
        return Arrays.stream(permissions).anyMatch(this::hasPermission);
    }

    public final void checkPermission(Permission permission) {
        if (!hasPermission(permission)) {
            throw new AccessDeniedException3(Jenkins.getAuthentication2(), permission);
        }
    }

    public final void checkAnyPermission(Permission... permissions) {
        if (!hasAnyPermission(permissions)) {
            throw new AccessDeniedException3(Jenkins.getAuthentication2(), permissions[0]);
        }
    }

    public static ACL lambda2(BiFunction<Authentication, Permission, Boolean> rule) {
        return new ACL() {
            @Override
            public boolean hasPermission2(Authentication user, Permission permission) {
                return rule.apply(user, permission);
            }
        };
    }

    public static SecurityContext impersonate2(Authentication user) {
        SecurityContext before = SecurityContextHolder.getContext();
        SecurityContextHolder.setContext(new SecurityContextImpl(user));
        return before;
    }

    public static ACLContext as2(Authentication user) {
        return new ACLContext(impersonate2(user));
    }

    public static boolean isAnonymous2(Authentication user) {
        return user == null || ANONYMOUS_USERNAME.equals(user.getName());
    }
}
