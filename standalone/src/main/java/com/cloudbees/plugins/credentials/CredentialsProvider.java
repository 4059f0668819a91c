package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.PlainText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Stands in for the credentials plugin's class of this name, over the stores of the controller and of its folders. */
public abstract class CredentialsProvider extends Descriptor<CredentialsProvider>
        implements ExtensionPoint, Describable<CredentialsProvider> {
    public static final PermissionGroup GROUP =
            new PermissionGroup(CredentialsProvider.class, new PlainText("Credentials"));
    public static final Permission CREATE = permission("Create", Permission.CREATE);
    public static final Permission UPDATE = permission("Update", Permission.UPDATE);
    public static final Permission VIEW = permission("View", Permission.READ);
    public static final Permission DELETE = permission("Delete", Permission.DELETE);
    public static final Permission MANAGE_DOMAINS = permission("ManageDomains", Permission.CONFIGURE);
    public static final Permission USE_ITEM = permission("UseItem", Item.CONFIGURE);
    public static final Permission USE_OWN = permission("UseOwn", Item.BUILD);

    private static Permission permission(String name, Permission impliedBy) {
        return new Permission(GROUP, name, null, impliedBy, PermissionScope.ITEM);
    }

    public static Iterable<CredentialsStore> lookupStores(ModelObject context) {
        return groupsFrom(context)
                .<CredentialsStore>map(MemoryCredentialsStore::of)
                .toList();
    }

    public static <C extends Credentials> List<C> lookupCredentialsInItem(
            Class<C> type, Item item, Authentication authentication) {
        return lookupCredentialsInItem(type, item, authentication, List.of());
    }

    public static <C extends Credentials> List<C> lookupCredentialsInItem(
            Class<C> type, Item item, Authentication authentication, List<DomainRequirement> requirements) {
        return lookup(type, item == null ? Jenkins.get() : item, authentication, requirements);
    }

    public static <C extends Credentials> List<C> lookupCredentialsInItemGroup(
            Class<C> type, ItemGroup<?> group, Authentication authentication) {
        return lookupCredentialsInItemGroup(type, group, authentication, List.of());
    }

    public static <C extends Credentials> List<C> lookupCredentialsInItemGroup(
            Class<C> type, ItemGroup<?> group, Authentication authentication, List<DomainRequirement> requirements) {
        return lookup(type, group == null ? Jenkins.get() : group, authentication, requirements);
    }

    /** The nearest store wins where two use one id; system scope is for the controller's own use. */
    private static <C extends Credentials> List<C> lookup(
            Class<C> type, ModelObject context, Authentication authentication, List<DomainRequirement> requirements) {
        List<C> found = new ArrayList<>();
        if (!ACL.SYSTEM2.equals(authentication)) {
            return found; // only a user's own store would answer, and there are none here
        }
        Set<String> ids = new HashSet<>();
        groupsFrom(context)
                .flatMap(group -> MemoryCredentialsStore.of(group).find(type, requirements).stream())
                .filter(each -> each.getScope() != CredentialsScope.SYSTEM || context instanceof Jenkins)
                .filter(each -> !(each instanceof IdCredentials named) || ids.add(named.getId()))
                .forEach(found::add);
        return found;
    }

    /** The place itself, if it is a group, and those around it, up to the controller. */
    private static Stream<ItemGroup<?>> groupsFrom(ModelObject context) {
        Stream.Builder<ItemGroup<?>> groups = Stream.builder();
        for (ModelObject place = context; place != null; ) {
            if (place instanceof ItemGroup<?> group) {
                groups.add(group);
            }
            place = place instanceof Item item ? item.getParent() : null;
        }
        return groups.build();
    }

    public static <C extends IdCredentials> ListBoxModel listCredentialsInItem(
            Class<C> type,
            Item item,
            Authentication authentication,
            List<DomainRequirement> requirements,
            CredentialsMatcher matcher) {
        return asOptions(lookupCredentialsInItem(type, item, authentication, requirements), matcher);
    }

    public static <C extends IdCredentials> ListBoxModel listCredentialsInItemGroup(
            Class<C> type,
            ItemGroup<?> group,
            Authentication authentication,
            List<DomainRequirement> requirements,
            CredentialsMatcher matcher) {
        return asOptions(lookupCredentialsInItemGroup(type, group, authentication, requirements), matcher);
    }

    private static ListBoxModel asOptions(List<? extends IdCredentials> credentials, CredentialsMatcher matcher) {
        ListBoxModel options = new ListBoxModel();
        credentials.stream()
                .filter(matcher == null ? each -> true : matcher::matches)
                .forEach(each -> options.add(CredentialsNameProvider.name(each), each.getId()));
        return options;
    }

    public static <C extends IdCredentials> C findCredentialById(
            String id, Class<C> type, Run<?, ?> run, DomainRequirement... requirements) {
        return findCredentialById(id, type, run, List.of(requirements));
    }

    public static <C extends IdCredentials> C findCredentialById(
            String id, Class<C> type, Run<?, ?> run, List<DomainRequirement> requirements) {
        Item job = run.getParent();
        Authentication user = job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        List<C> candidates = new ArrayList<>(lookupCredentialsInItem(type, job, user, requirements));
        if (!ACL.SYSTEM2.equals(user) && run.hasPermission2(user, USE_ITEM)) {
            candidates.addAll(lookupCredentialsInItem(type, job, ACL.SYSTEM2, requirements));
        }
        return CredentialsMatchers.firstOrNull(candidates, CredentialsMatchers.withId(id.trim()));
    }

    /** Nothing remembers it here. */
    public static <C extends Credentials> C track(Item item, C credentials) {
        CredentialsUseListener.fireUse(credentials, item);
        return credentials;
    }

    /** Remembered by the embedded controller, where core writes a fingerprint. */
    public static <C extends Credentials> C track(Run<?, ?> build, C credentials) {
        if (credentials instanceof IdCredentials named) {
            EmbeddedController.of(Jenkins.get()).credentialsUsed(build, named.getId());
        }
        CredentialsUseListener.fireUse(credentials, build);
        return credentials;
    }
}
