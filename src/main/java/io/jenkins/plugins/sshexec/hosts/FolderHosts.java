package io.jenkins.plugins.sshexec.hosts;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.ItemGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.StaplerRequest2;

/** The hosts that builds of one folder, and of the folders in it, know by name. The nearest folder wins. */
public final class FolderHosts extends AbstractFolderProperty<AbstractFolder<?>> {

    /** Never changed. An ArrayList, which XStream writes as the plain list that it is. */
    private final List<NamedHost> hosts;

    /** @throws IllegalArgumentException whose message names the host and says what to do */
    @DataBoundConstructor
    public FolderHosts(List<NamedHost> hosts) {
        HostRules.requireInFolder(hosts, SystemHosts.get().getHostKeyVerification());
        this.hosts = new ArrayList<>(hosts);
    }

    @NonNull
    public List<NamedHost> getHosts() {
        return Collections.unmodifiableList(hosts);
    }

    /** Its superclass does not load where there are no folders, so this is no extension there. */
    @Extension(optional = true)
    @Symbol("sshHosts")
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor implements HostSource {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.FolderHosts_displayName();
        }

        /** Returns null, for no property, where the form has no hosts. */
        @Override
        public AbstractFolderProperty<?> newInstance(StaplerRequest2 req, @NonNull JSONObject form)
                throws FormException {
            if (form.isNullObject() || !form.has("hosts")) {
                return null;
            }
            try {
                return new FolderHosts(req.bindJSONToList(NamedHost.class, form.get("hosts")));
            } catch (IllegalArgumentException e) {
                throw new FormException(e, "hosts");
            }
        }

        @Override
        public List<NamedHost> hostsOf(ItemGroup<?> group) {
            FolderHosts property = group instanceof AbstractFolder<?> folder
                    ? folder.getProperties().get(FolderHosts.class)
                    : null;
            return property == null ? List.of() : property.getHosts();
        }

        @Override
        public List<PlacedHost> allHosts() {
            List<PlacedHost> all = new ArrayList<>();
            for (AbstractFolder<?> folder : Jenkins.get().allItems(AbstractFolder.class)) {
                hostsOf(folder).forEach(host -> all.add(new PlacedHost(folder, host)));
            }
            return all;
        }
    }
}
