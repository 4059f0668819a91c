package io.jenkins.plugins.sshexec.hostkey;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** Only keys that an administrator has approved, on the page of {@link HostKeysLink}. */
public final class ApprovedKeysVerification extends HostKeyVerification {

    @DataBoundConstructor
    public ApprovedKeysVerification() {
        // The keys are no part of the configuration.
    }

    @Override
    public HostKeyPolicy policy(String requester) {
        return new ApprovedKeysPolicy(HostKeyRegister.get(), requester, HostKeysLink.place());
    }

    @Override
    public Strictness strictness() {
        return Strictness.KNOWN_KEYS;
    }

    @Extension
    @Symbol("approvedKeys")
    public static final class DescriptorImpl extends Descriptor<HostKeyVerification> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ApprovedKeysVerification_displayName();
        }
    }
}
