package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.credentials.CredentialsModel;
import java.util.Optional;
import java.util.OptionalInt;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The proxy through which a {@link NamedHost} is reached. Takes any value, as that one does. */
public final class HostProxy implements Describable<HostProxy> {

    private final Proxy.Type type;
    private final String address;
    private final int port;

    @CheckForNull
    private String credentialsId;

    @DataBoundConstructor
    public HostProxy(Proxy.Type type, String address, int port) {
        this.type = type;
        this.address = Util.fixNull(address).trim();
        this.port = port;
    }

    public Proxy.Type getType() {
        return type;
    }

    /** Host name or IP address. */
    public String getAddress() {
        return Util.fixNull(address); // A file that was edited by hand may lack it.
    }

    /** TCP port, 1 to 65535. */
    public int getPort() {
        return port;
    }

    /** A user name with password; null where the proxy asks for none. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Where it listens, for those that look its credentials up. */
    public Destination destination() {
        return new Destination(Optional.empty(), getAddress(), OptionalInt.of(port));
    }

    @Extension
    @Symbol("sshProxy")
    public static final class DescriptorImpl extends Descriptor<HostProxy> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.HostProxy_displayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item folder,
                @QueryParameter String address,
                @QueryParameter String port,
                @QueryParameter String credentialsId) {
            return CredentialsModel.items(folder, address + ":" + port, credentialsId);
        }
    }
}
