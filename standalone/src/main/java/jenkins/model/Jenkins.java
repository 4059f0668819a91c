package jenkins.model;

import hudson.DescriptorExtensionList;
import hudson.ExtensionList;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;

/** Stands in for core's class of this name; {@link EmbeddedController} makes it and stops it. */
public class Jenkins implements ItemGroup<TopLevelItem>, AccessControlled {
    public static final PermissionGroup PERMISSIONS = Permission.HUDSON_PERMISSIONS;
    public static final Permission ADMINISTER = Permission.HUDSON_ADMINISTER;
    public static final Permission MANAGE =
            new Permission(PERMISSIONS, "Manage", null, ADMINISTER, PermissionScope.JENKINS);
    public static final Permission SYSTEM_READ =
            new Permission(PERMISSIONS, "SystemRead", null, ADMINISTER, PermissionScope.JENKINS);
    public static final Permission READ =
            new Permission(PERMISSIONS, "Read", null, Permission.READ, PermissionScope.JENKINS);

    public static final Permission[] MANAGE_AND_SYSTEM_READ = {MANAGE, SYSTEM_READ};

    public static final Authentication ANONYMOUS2 =
            new AnonymousAuthenticationToken("anonymous", "anonymous", AuthorityUtils.createAuthorityList("anonymous"));

    private static volatile Jenkins instance;

    private final File root;
    private final Map<Class<?>, ExtensionList<?>> extensionLists = new ConcurrentHashMap<>();
    private final Map<Class<?>, DescriptorExtensionList<?, ?>> descriptorLists = new ConcurrentHashMap<>();
    private final Map<String, TopLevelItem> items = new ConcurrentSkipListMap<>();

    protected Jenkins(File root, ServletContext context) throws IOException, InterruptedException {
        this.root = root;
        instance = this;
    }

    public static Jenkins get() {
        Jenkins running = instance;
        if (running == null) {
            throw new IllegalStateException("Jenkins.instance is missing.");
        }
        return running;
    }

    public static Jenkins getInstanceOrNull() {
        return instance;
    }

    public static Authentication getAuthentication2() {
        Authentication current = SecurityContextHolder.getContext().getAuthentication();
        return current == null ? ANONYMOUS2 : current;
    }

    /** An embedded controller just stops. */
    public boolean isQuietingDown() {
        return false;
    }

    public File getRootDir() {
        return root;
    }

    public String getRootUrl() {
        return null;
    }

    @SuppressWarnings("unchecked") // lists are kept by the type of what they hold
    public <T> ExtensionList<T> getExtensionList(Class<T> type) {
        return (ExtensionList<T>) extensionLists.computeIfAbsent(type, t -> ExtensionList.create(this, t));
    }

    @SuppressWarnings("unchecked") // lists are kept by the type of what they hold
    public <T extends Describable<T>, D extends Descriptor<T>> DescriptorExtensionList<T, D> getDescriptorList(
            Class<T> type) {
        return (DescriptorExtensionList<T, D>)
                descriptorLists.computeIfAbsent(type, t -> DescriptorExtensionList.createDescriptorList(this, type));
    }

    @SuppressWarnings("rawtypes") // its signature in core
    public Descriptor getDescriptor(Class<? extends Describable> type) {
        for (Descriptor<?> descriptor : getExtensionList(Descriptor.class)) {
            if (descriptor.clazz == type) {
                return descriptor;
            }
        }
        return null;
    }

    @SuppressWarnings("rawtypes") // its signature in core
    public Descriptor getDescriptorOrDie(Class<? extends Describable> type) {
        Descriptor<?> descriptor = getDescriptor(type);
        if (descriptor == null) {
            throw new AssertionError(type + " is missing its descriptor");
        }
        return descriptor;
    }

    @SuppressWarnings("rawtypes") // its signature in core
    public <T extends Descriptor> T getDescriptorByType(Class<T> type) {
        for (Descriptor<?> descriptor : getExtensionList(Descriptor.class)) {
            if (descriptor.getClass() == type) {
                return type.cast(descriptor);
            }
        }
        return null;
    }

    @Override
    public ACL getACL() {
        return EmbeddedController.of(this).access();
    }

    @Override
    public String getDisplayName() {
        return "Jenkins";
    }

    @Override
    public String getFullName() {
        return "";
    }

    @Override
    public String getFullDisplayName() {
        return "";
    }

    @Override
    public String getUrl() {
        return "";
    }

    @Override
    public List<TopLevelItem> getItems() {
        return List.copyOf(items.values());
    }

    @Override
    public TopLevelItem getItem(String name) {
        return items.get(name);
    }

    public Item getItemByFullName(String fullName) {
        Item found = null;
        ItemGroup<?> group = this;
        for (String name : fullName.split("/")) {
            found = group == null ? null : group.getItem(name);
            group = found instanceof ItemGroup<?> inner ? inner : null;
        }
        return found;
    }

    public <I extends TopLevelItem> I add(I item, String name) throws IOException {
        items.put(name, item);
        return item;
    }

    @Override
    public File getRootDirFor(TopLevelItem child) {
        return new File(root, "jobs/" + child.getName());
    }

    public void cleanUp() {
        if (instance == this) {
            instance = null;
        }
    }
}
