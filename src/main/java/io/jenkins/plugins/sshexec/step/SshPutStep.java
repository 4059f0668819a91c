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

/** {@code sshPut}: copies files of the workspace to a host over SFTP. */
public final class SshPutStep extends FilesStep {

    @DataBoundConstructor
    public SshPutStep() {
        // All parameters are set by name.
    }

    @Override
    TransferCall toCall() throws AbortException {
        return TransferCall.put(getHost(), getCredentialsId(), typed());
    }

    /** Behind the step of this name of SSH Pipeline Steps: where that is installed, it is the one that Jenkinsfiles mean. */
    @Extension(ordinal = -1)
    public static final class DescriptorImpl extends FilesStepDescriptor {

        @Override
        public String getFunctionName() {
            return "sshPut";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SshPutStep_displayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckInto(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkIntoHost(job, value);
        }
    }
}
