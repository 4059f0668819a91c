package io.jenkins.plugins.sshexec.form;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.call.ConnectionTest;
import io.jenkins.plugins.sshexec.call.Durable;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.ManyCalls;
import io.jenkins.plugins.sshexec.call.NamedHosts;
import io.jenkins.plugins.sshexec.call.TransferCall;
import io.jenkins.plugins.sshexec.credentials.CredentialsModel;
import jenkins.model.Jenkins;

/**
 * The bodies of the web methods that the step's and the build step's descriptors share. Each begins with the permission: a
 * user who may not see the job's configuration is told nothing.
 */
public final class SshTargetForm {

    private SshTargetForm() {}

    public static ListBoxModel credentialsIdItems(
            @CheckForNull Item job, @CheckForNull String host, @CheckForNull String credentialsId) {
        return CredentialsModel.items(job, address(job, host), credentialsId);
    }

    /** Checks {@code [user@]host[:port]}, and the settings of a named host. A value with a variable is left to the build, which knows the variable. */
    public static FormValidation checkHost(@CheckForNull Item job, @CheckForNull String value) {
        return checkUnlessVariable(job, value, () -> NamedHosts.address(job, value));
    }

    public static FormValidation checkCommand(
            @CheckForNull Item job, @CheckForNull String value, @CheckForNull String encoding) {
        return mayConfigure(job)
                ? check(() -> ExecCall.commandBytes(value, ExecCall.charset(encoding)))
                : FormValidation.ok();
    }

    public static FormValidation checkEncoding(@CheckForNull Item job, @CheckForNull String value) {
        return mayConfigure(job) ? check(() -> ExecCall.charset(value)) : FormValidation.ok();
    }

    public static FormValidation checkDurableDirectory(@CheckForNull Item job, @CheckForNull String value) {
        return mayConfigure(job) ? check(() -> Durable.directory(value)) : FormValidation.ok();
    }

    /** What may become of files that are there already. */
    public static ListBoxModel overwriteItems(@CheckForNull Item job) {
        ListBoxModel items = new ListBoxModel();
        if (mayConfigure(job)) {
            TransferCall.OVERWRITE.forEach(items::add);
        }
        return items;
    }

    /** Checks where on the host files go to. */
    public static FormValidation checkIntoHost(@CheckForNull Item job, @CheckForNull String value) {
        return mayConfigure(job) ? check(() -> TransferCall.intoHost(value)) : FormValidation.ok();
    }

    /** Checks where on the host files come from. */
    public static FormValidation checkFromHost(@CheckForNull Item job, @CheckForNull String value) {
        return mayConfigure(job) ? check(() -> TransferCall.fromHost(value)) : FormValidation.ok();
    }

    /** Checks a number of seconds, or 0 for no limit. */
    public static FormValidation checkTimeout(@CheckForNull Item job, String parameter, @CheckForNull String value) {
        if (!mayConfigure(job) || Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        try {
            int seconds = Integer.parseInt(value.trim());
            return check(() -> ExecCall.timeout(parameter, seconds));
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.SshTargetForm_noNumber());
        }
    }

    /** Checks that the job knows hosts with the label, if one is typed. */
    public static FormValidation checkHostsLabel(@CheckForNull Item job, @CheckForNull String value) {
        String label = Util.fixEmptyAndTrim(value);
        return label == null || !mayConfigure(job) || hasVariable(label)
                ? FormValidation.ok()
                : check(() -> NamedHosts.labelled(job, label));
    }

    /** Checks how many hosts at once, or 0 for all. */
    public static FormValidation checkMaxParallel(@CheckForNull Item job, @CheckForNull String value) {
        if (!mayConfigure(job) || Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        try {
            int hosts = Integer.parseInt(value.trim());
            return check(() -> ManyCalls.maxParallel(hosts));
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.SshTargetForm_noNumberOfHosts());
        }
    }

    /** A rule of the build's own; what it returns does not matter here. */
    @FunctionalInterface
    interface Rule {
        Object apply() throws AbortException;
    }

    static FormValidation check(Rule rule) {
        try {
            rule.apply();
            return FormValidation.ok();
        } catch (AbortException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** A value with a variable is left to the build, which knows the variable. */
    static FormValidation checkUnlessVariable(@CheckForNull Item job, @CheckForNull String value, Rule rule) {
        return !mayConfigure(job) || hasVariable(value) ? FormValidation.ok() : check(rule);
    }

    /** Whether the credentials exist for the job and the host. Says nothing where none are chosen. */
    public static FormValidation checkCredentialsId(
            @CheckForNull Item job, @CheckForNull String host, @CheckForNull String value) {
        String id = Util.fixEmptyAndTrim(value);
        if (!CredentialsModel.mayChoose(job) || id == null || hasVariable(id)) {
            return FormValidation.ok();
        }
        return CredentialsModel.offers(job, address(job, host), id)
                ? FormValidation.ok()
                : FormValidation.warning(Messages.SshTargetForm_noSuchCredentials(id));
    }

    /** {@code host:port} of a named host; any other text as it is. */
    static String address(@CheckForNull Item job, @CheckForNull String host) {
        if (!CredentialsModel.mayChoose(job)) {
            return host;
        }
        try {
            return NamedHosts.address(job, host);
        } catch (AbortException e) {
            return host; // The check of the host says what is wrong with it.
        }
    }

    /**
     * Tries to reach the host as a build of the job would.
     *
     * @throws hudson.security.AccessDeniedException3 for a user who may not configure the job, or not use its credentials
     */
    public static FormValidation testConnection(
            @CheckForNull Item job, @CheckForNull String host, @CheckForNull String credentialsId) {
        if (job == null) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        } else {
            job.checkPermission(Item.CONFIGURE);
            job.checkPermission(CredentialsProvider.USE_ITEM);
        }
        if (hasVariable(host) || hasVariable(credentialsId)) {
            return FormValidation.warning(Messages.SshTargetForm_variables());
        }
        try {
            return FormValidation.ok(ConnectionTest.get().run(job, host, credentialsId));
        } catch (AbortException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** Whether the user may edit the job, or on a page outside of any job, everything. */
    public static boolean mayConfigure(@CheckForNull Item job) {
        return job == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : job.hasPermission(Item.CONFIGURE);
    }

    private static boolean hasVariable(@CheckForNull String value) {
        return value != null && value.contains("$");
    }
}
