package io.jenkins.plugins.sshexec.form;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.credentials.CredentialsModel;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import jenkins.model.Jenkins;

/**
 * The bodies of the web methods that the step's and the build step's descriptors share. Each begins with the permission: to
 * a user who cannot configure the job it says nothing at all.
 */
public final class SshTargetForm {

    private SshTargetForm() {}

    public static ListBoxModel credentialsIdItems(
            @CheckForNull Item job, @CheckForNull String host, @CheckForNull String credentialsId) {
        return CredentialsModel.items(job, host, credentialsId);
    }

    /** Checks {@code [user@]host[:port]}. A value with a variable is left to the build, which knows the variable. */
    public static FormValidation checkHost(@CheckForNull Item job, @CheckForNull String value) {
        if (!mayConfigure(job) || hasVariable(value)) {
            return FormValidation.ok();
        }
        try {
            Destination.parse(value);
            return FormValidation.ok();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    public static FormValidation checkCommand(@CheckForNull Item job, @CheckForNull String value) {
        if (!mayConfigure(job) || Util.fixEmptyAndTrim(value) != null) {
            return FormValidation.ok();
        }
        return FormValidation.error(Messages.SshTargetForm_noCommand());
    }

    public static FormValidation checkEncoding(@CheckForNull Item job, @CheckForNull String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (!mayConfigure(job) || name == null) {
            return FormValidation.ok();
        }
        try {
            if (Charset.isSupported(name)) {
                return FormValidation.ok();
            }
        } catch (IllegalCharsetNameException e) {
            // Said below, in the same words as for a name that is legal but unknown.
        }
        return FormValidation.error(Messages.SshTargetForm_encoding(name));
    }

    /** Whether the credentials exist for the job and the host. Says nothing where none are chosen. */
    public static FormValidation checkCredentialsId(
            @CheckForNull Item job, @CheckForNull String host, @CheckForNull String value) {
        String id = Util.fixEmptyAndTrim(value);
        if (!CredentialsModel.mayChoose(job) || id == null || id.contains("${")) {
            return FormValidation.ok();
        }
        return CredentialsModel.offers(job, host, id)
                ? FormValidation.ok()
                : FormValidation.warning(Messages.SshTargetForm_noSuchCredentials(id));
    }

    /** Whether the user may edit the job, or on a page outside of any job, everything. */
    public static boolean mayConfigure(@CheckForNull Item job) {
        return job == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : job.hasPermission(Item.CONFIGURE);
    }

    private static boolean hasVariable(@CheckForNull String value) {
        return value != null && value.contains("$");
    }
}
