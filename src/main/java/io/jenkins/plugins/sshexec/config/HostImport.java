package io.jenkins.plugins.sshexec.config;

import hudson.Util;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.hosts.SshConfigText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.ForwardToView;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The page that adds the hosts of an OpenSSH client configuration to the named ones, for administrators. A page of its own: in
 * the form of the settings, the list there would be saved over what was imported.
 */
@Restricted(NoExternalUse.class)
public final class HostImport {

    private final SshExecConfiguration configuration;

    HostImport(SshExecConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * What an import came to, as the page shows it.
     *
     * @param added names of hosts
     * @param notes sentences about what was not imported
     */
    @Restricted(NoExternalUse.class)
    public record Outcome(List<String> added, List<String> notes) {
        public List<String> getAdded() {
            return added;
        }

        public List<String> getNotes() {
            return notes;
        }
    }

    @POST
    public HttpResponse doSubmit(@QueryParameter String text) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new ForwardToView(add(Util.fixNull(text)), "index");
    }

    /** Adds the hosts of the text, but for those whose names there are. */
    Outcome add(String text) {
        SshConfigText.Import read = SshConfigText.parse(text);
        List<String> added = new ArrayList<>();
        List<String> notes = new ArrayList<>(read.notes());
        synchronized (configuration) {
            List<NamedHost> hosts = new ArrayList<>(configuration.getHosts());
            Set<String> names = new HashSet<>();
            hosts.forEach(host -> names.add(host.getName().toLowerCase(Locale.ROOT)));
            for (NamedHost host : read.hosts()) {
                if (names.add(host.getName().toLowerCase(Locale.ROOT))) {
                    hosts.add(host);
                    added.add(host.getName());
                } else {
                    notes.add(Messages.HostImport_exists(host.getName()));
                }
            }
            if (!added.isEmpty()) {
                configuration.setHosts(hosts);
            }
        }
        return new Outcome(added, notes);
    }
}
