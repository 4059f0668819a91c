package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.call.TransferCall;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code sshGet}: copies files of a host to the workspace over SFTP. */
public final class SshGetStep extends FilesStep {

    @DataBoundConstructor
    public SshGetStep() {
        // All parameters are set by name.
    }

    @Override
    TransferCall toCall() throws AbortException {
        return TransferCall.get(getHost(), getCredentialsId(), typed());
    }

    /** Behind the step of this name of SSH Pipeline Steps: where that is installed, it is the one that Jenkinsfiles mean. */
    @Extension(ordinal = -1)
    public static final class DescriptorImpl extends FilesStepDescriptor {

        @Override
        public String getFunctionName() {
            return "sshGet";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SshGetStep_displayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckFrom(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkFromHost(job, value);
        }
    }
}
