package io.jenkins.plugins.sshexec.standalone.controller;

import hudson.security.ACL;
import hudson.security.Permission;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.core.Authentication;

/**
 * Who may do what on the embedded controller, everywhere alike.
 * As on a Jenkins without security, everybody may do everything until the first grant; from then on only what was granted.
 */
public final class AccessTable extends ACL {
    private final Map<String, Set<Permission>> grants = new ConcurrentHashMap<>();

    AccessTable() {}

    public void grant(String user, Permission... permissions) {
        grants.computeIfAbsent(user, name -> ConcurrentHashMap.newKeySet()).addAll(Set.of(permissions));
    }

    @Override
    public boolean hasPermission2(Authentication user, Permission permission) {
        if (grants.isEmpty() || SYSTEM2.equals(user)) {
            return true;
        }
        Set<Permission> granted = grants.getOrDefault(user.getName(), Set.of());
        for (Permission wanted = permission; wanted != null; wanted = wanted.impliedBy) {
            if (granted.contains(wanted)) {
                return true;
            }
        }
        return false;
    }
}
