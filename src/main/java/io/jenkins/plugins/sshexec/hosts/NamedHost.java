package io.jenkins.plugins.sshexec.hosts;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.credentials.CredentialsModel;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * A host under a name of its own, with what is needed to reach it, so that {@code sshExec host: 'web1'} says enough. Takes
 * any value: whoever puts it into a list holds the list to {@link HostRules}, which know the whole.
 *
 * <p>Filled by one thread; then only read, by any.
 */
public final class NamedHost implements Describable<NamedHost> {

    private final String name;

    @CheckForNull
    private String address;

    private int port = Endpoint.DEFAULT_PORT;

    @CheckForNull
    private String user;

    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private HostKeyVerification hostKeyVerification;

    @CheckForNull
    private String jumpHost;

    @CheckForNull
    private HostProxy proxy;

    private boolean legacyAlgorithms;

    private int sessionsPerHost;
    private int channelsPerSession;
    private int minIdleSessions;

    @CheckForNull
    private String labels;

    /** @param name what is typed for {@code host}; one list has it once, in whatever case */
    @DataBoundConstructor
    public NamedHost(String name) {
        this.name = Util.fixNull(name).trim();
    }

    @NonNull
    public String getName() {
        return Util.fixNull(name); // A file that was edited by hand may lack it.
    }

    /** Host name or IP address; null where it is the same as {@link #getName}. */
    @CheckForNull
    public String getAddress() {
        return address;
    }

    @DataBoundSetter
    public void setAddress(@CheckForNull String address) {
        this.address = Util.fixEmptyAndTrim(address);
    }

    /** TCP port, 1 to 65535. */
    public int getPort() {
        return port;
    }

    @DataBoundSetter
    public void setPort(int port) {
        this.port = port;
    }

    /** The login name; null for that of the credentials. */
    @CheckForNull
    public String getUser() {
        return user;
    }

    @DataBoundSetter
    public void setUser(@CheckForNull String user) {
        this.user = Util.fixEmptyAndTrim(user);
    }

    /** Looked up for the build that uses the host; null for the one set of credentials whose domain names the address. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Null for that of the system configuration; never laxer than that one. */
    @CheckForNull
    public HostKeyVerification getHostKeyVerification() {
        return hostKeyVerification;
    }

    @DataBoundSetter
    public void setHostKeyVerification(@CheckForNull HostKeyVerification hostKeyVerification) {
        this.hostKeyVerification = hostKeyVerification;
    }

    /**
     * Through which hosts this one is reached, as {@code ProxyJump} in ssh_config(5): {@code [user@]host[:port]} or names of
     * hosts, separated by commas, the nearest to the controller first; null for none.
     */
    @CheckForNull
    public String getJumpHost() {
        return jumpHost;
    }

    @DataBoundSetter
    public void setJumpHost(@CheckForNull String jumpHost) {
        this.jumpHost = Util.fixEmptyAndTrim(jumpHost);
    }

    /** The single ones of {@link #getJumpHost}. */
    List<String> jumpHosts() {
        return jumpHost == null ? List.of() : List.of(jumpHost.split("\\s*,\\s*", -1));
    }

    /** The proxy through which it is reached; null for none. Not beside a jump host. */
    @CheckForNull
    public HostProxy getProxy() {
        return proxy;
    }

    @DataBoundSetter
    public void setProxy(@CheckForNull HostProxy proxy) {
        this.proxy = proxy;
    }

    public boolean isLegacyAlgorithms() {
        return legacyAlgorithms;
    }

    /** Whether the algorithms of {@link Algorithms#LEGACY} are allowed, which the log warns of. */
    @DataBoundSetter
    public void setLegacyAlgorithms(boolean legacyAlgorithms) {
        this.legacyAlgorithms = legacyAlgorithms;
    }

    public int getSessionsPerHost() {
        return sessionsPerHost;
    }

    /** Sessions in use at once to this host, at most {@link HostRules#MAX_SESSIONS}; 0 for as many as to any host. */
    @DataBoundSetter
    public void setSessionsPerHost(int sessionsPerHost) {
        this.sessionsPerHost = sessionsPerHost;
    }

    public int getChannelsPerSession() {
        return channelsPerSession;
    }

    /** Commands at once on one session, at most {@link HostRules#MAX_CHANNELS}; 0 for as many as for any host. */
    @DataBoundSetter
    public void setChannelsPerSession(int channelsPerSession) {
        this.channelsPerSession = channelsPerSession;
    }

    public int getMinIdleSessions() {
        return minIdleSessions;
    }

    /**
     * Sessions that are kept open and idle before a command needs them, at most {@link HostRules#MAX_IDLE_SESSIONS} and not more than
     * may be in use; 0 for none.
     */
    @DataBoundSetter
    public void setMinIdleSessions(int minIdleSessions) {
        this.minIdleSessions = minIdleSessions;
    }

    /** Words by which several hosts are chosen at once, separated by spaces. */
    @CheckForNull
    public String getLabels() {
        return labels;
    }

    @DataBoundSetter
    public void setLabels(@CheckForNull String labels) {
        this.labels = Util.fixEmptyAndTrim(labels);
    }

    /** The single words of {@link #getLabels}. */
    public Set<String> labelSet() {
        return labels == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(labels.split("\\s+")));
    }

    /** The address, or the name where there is no other. */
    String addressOrName() {
        return address == null ? getName() : address;
    }

    /** For messages. */
    @Override
    public String toString() {
        return getName();
    }

    @Extension
    @Symbol("sshHost")
    public static final class DescriptorImpl extends Descriptor<NamedHost> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.NamedHost_displayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item folder,
                @QueryParameter String name,
                @QueryParameter String address,
                @QueryParameter String port,
                @QueryParameter String credentialsId) {
            String typed = Util.fixEmptyAndTrim(address);
            String host = typed == null ? Util.fixNull(name) : typed;
            return CredentialsModel.items(
                    folder, (host.contains(":") ? "[" + host + "]" : host) + ":" + port, credentialsId);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckName(@AncestorInPath Item folder, @QueryParameter String value) {
            return check(folder, HostRules.ofName(Util.fixNull(value).trim()));
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckAddress(@AncestorInPath Item folder, @QueryParameter String value) {
            return check(folder, HostRules.ofAddress(Util.fixEmptyAndTrim(value)));
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckPort(@AncestorInPath Item folder, @QueryParameter String value) {
            return check(folder, HostRules.ofPort(value));
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckUser(@AncestorInPath Item folder, @QueryParameter String value) {
            return check(folder, HostRules.ofUser(Util.fixEmptyAndTrim(value)));
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckJumpHost(@AncestorInPath Item folder, @QueryParameter String value) {
            NamedHost host = new NamedHost("");
            host.setJumpHost(value);
            return check(folder, HostRules.ofJumpHosts(host.jumpHosts()));
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckLegacyAlgorithms(@AncestorInPath Item folder, @QueryParameter boolean value) {
            return value && mayEdit(folder)
                    ? FormValidation.warning(Messages.NamedHost_legacyAlgorithms())
                    : FormValidation.ok();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckSessionsPerHost(@AncestorInPath Item folder, @QueryParameter String value) {
            return check(folder, HostRules.ofSessions(HostRules.limit(value)));
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckChannelsPerSession(@AncestorInPath Item folder, @QueryParameter String value) {
            return check(folder, HostRules.ofChannels(HostRules.limit(value)));
        }

        /** A number that is right may still come to less, or to nothing, of which it warns. */
        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckMinIdleSessions(
                @AncestorInPath Item folder,
                @QueryParameter String value,
                @QueryParameter String sessionsPerHost,
                @QueryParameter String name,
                @QueryParameter String address,
                @QueryParameter String port,
                @QueryParameter String user,
                @QueryParameter String credentialsId) {
            NamedHost host = new NamedHost(name);
            host.setAddress(address);
            host.setPort(HostRules.number(port));
            host.setUser(user);
            host.setCredentialsId(credentialsId);
            host.setSessionsPerHost(HostRules.limit(sessionsPerHost));
            host.setMinIdleSessions(HostRules.limit(value));
            Optional<String> problem =
                    HostRules.ofMinIdleSessions(host.getMinIdleSessions(), host.getSessionsPerHost());
            if (problem.isPresent() || host.getMinIdleSessions() == 0 || !mayEdit(folder)) {
                return check(folder, problem);
            }
            return KeptReady.obstacle(folder, host).map(FormValidation::warning).orElseGet(FormValidation::ok);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckLabels(@AncestorInPath Item folder, @QueryParameter String value) {
            return check(folder, HostRules.ofLabels(Util.fixEmptyAndTrim(value)));
        }

        /**
         * Tries to reach the host as it stands in the form. Its host key verification and its proxy, which have forms of their
         * own, are those that are saved under its name.
         */
        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doTestHost(
                @AncestorInPath Item folder,
                @QueryParameter String name,
                @QueryParameter String address,
                @QueryParameter String port,
                @QueryParameter String user,
                @QueryParameter String credentialsId,
                @QueryParameter String jumpHost,
                @QueryParameter boolean legacyAlgorithms) {
            if (folder == null) {
                Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            } else {
                folder.checkPermission(Item.CONFIGURE);
                folder.checkPermission(CredentialsProvider.USE_ITEM);
            }
            NamedHost host = new NamedHost(name);
            host.setAddress(address);
            host.setPort(HostRules.number(port));
            host.setUser(user);
            host.setCredentialsId(credentialsId);
            host.setJumpHost(jumpHost);
            host.setLegacyAlgorithms(legacyAlgorithms);
            HostResolver.get().saved(folder, host.getName()).ifPresent(saved -> {
                host.setHostKeyVerification(saved.getHostKeyVerification());
                host.setProxy(saved.getProxy());
            });
            try {
                return FormValidation.ok(HostTest.get().run(folder, host));
            } catch (AbortException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        private static FormValidation check(@CheckForNull Item folder, Optional<String> problem) {
            return mayEdit(folder)
                    ? problem.map(FormValidation::error).orElseGet(FormValidation::ok)
                    : FormValidation.ok();
        }

        /** Whether the user may edit such a list; who may not is told nothing. */
        private static boolean mayEdit(@CheckForNull Item folder) {
            return folder == null
                    ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    : folder.hasPermission(Item.CONFIGURE);
        }
    }
}
