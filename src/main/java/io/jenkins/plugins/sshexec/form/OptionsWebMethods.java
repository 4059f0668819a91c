package io.jenkins.plugins.sshexec.form;

import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The web methods for what goes with a command, which a descriptor gets by implementing this: Stapler finds the methods of
 * interfaces too. Their bodies begin with the permission, in {@link OptionsForm} and {@link SshTargetForm}.
 */
@Restricted(NoExternalUse.class)
public interface OptionsWebMethods {

    @POST
    @Restricted(NoExternalUse.class)
    default ListBoxModel doFillSudoCredentialsIdItems(
            @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String sudoCredentialsId) {
        return OptionsForm.sudoCredentialsIdItems(job, host, sudoCredentialsId);
    }

    @POST
    @Restricted(NoExternalUse.class)
    default FormValidation doCheckSudoCredentialsId(
            @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String value) {
        return SshTargetForm.checkCredentialsId(job, host, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    default FormValidation doCheckSudoUser(@AncestorInPath Item job, @QueryParameter String value) {
        return OptionsForm.checkSudoUser(job, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    default FormValidation doCheckWorkingDirectory(@AncestorInPath Item job, @QueryParameter String value) {
        return OptionsForm.checkWorkingDirectory(job, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    default FormValidation doCheckEnv(@AncestorInPath Item job, @QueryParameter String value) {
        return OptionsForm.checkEnv(job, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    default FormValidation doCheckPty(@AncestorInPath Item job, @QueryParameter String value) {
        return OptionsForm.checkPty(job, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    default FormValidation doCheckStdinFile(
            @AncestorInPath Item job, @QueryParameter String value, @QueryParameter String stdin) {
        return OptionsForm.checkStdinFile(job, value, stdin);
    }
}
