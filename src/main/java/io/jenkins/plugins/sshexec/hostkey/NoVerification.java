package io.jenkins.plugins.sshexec.hostkey;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** Any key is taken: logins and output are open to whoever sits between the controller and the server. */
public final class NoVerification extends HostKeyVerification {

    @DataBoundConstructor
    public NoVerification() {
        // Nothing to configure.
    }

    @Override
    public HostKeyPolicy policy(String requester) {
        return new AnyKeyPolicy();
    }

    @Override
    public Strictness strictness() {
        return Strictness.NONE;
    }

    @Extension
    @Symbol("noVerification")
    public static final class DescriptorImpl extends Descriptor<HostKeyVerification> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.NoVerification_displayName();
        }
    }
}
