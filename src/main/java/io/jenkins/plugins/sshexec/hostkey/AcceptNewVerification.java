package io.jenkins.plugins.sshexec.hostkey;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** Trust at first contact; the keys are kept in {@code JENKINS_HOME/ssh-exec/known_hosts}. */
public final class AcceptNewVerification extends HostKeyVerification {

    @DataBoundConstructor
    public AcceptNewVerification() {
        // Nothing to configure.
    }

    @Override
    public HostKeyPolicy policy(String requester) {
        return new AcceptNewPolicy(
                Jenkins.get().getRootDir().toPath().resolve("ssh-exec").resolve("known_hosts"));
    }

    @Override
    public boolean isForFolders() {
        return true;
    }

    @Override
    public Strictness strictness() {
        return Strictness.FIRST_CONTACT;
    }

    @Extension
    @Symbol("acceptNew")
    public static final class DescriptorImpl extends Descriptor<HostKeyVerification> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AcceptNewVerification_displayName();
        }
    }
}
