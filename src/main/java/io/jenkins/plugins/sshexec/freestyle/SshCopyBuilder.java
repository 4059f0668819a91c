package io.jenkins.plugins.sshexec.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.call.RemoteTransfers;
import io.jenkins.plugins.sshexec.call.TransferCall;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import java.io.IOException;
import java.util.Map;
import jenkins.tasks.SimpleBuildStep;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The build step "Copy files over SSH" of freestyle jobs. Without {@code @Symbol}: in a Pipeline there are {@code sshPut} and
 * {@code sshGet}.
 */
public final class SshCopyBuilder extends Builder implements SimpleBuildStep {

    private final String host;

    @CheckForNull
    private String credentialsId;

    private boolean fromHost;

    @CheckForNull
    private String from;

    @CheckForNull
    private String into;

    @CheckForNull
    private String includes;

    @CheckForNull
    private String excludes;

    private boolean flatten;

    @CheckForNull
    private String overwrite;

    private boolean keepPermissions = true;
    private boolean keepTimes;
    private int timeoutSeconds;

    @DataBoundConstructor
    public SshCopyBuilder(String host) {
        this.host = Util.fixEmptyAndTrim(host);
    }

    /** {@code [user@]host[:port]}, with build variables. */
    public String getHost() {
        return host;
    }

    /** Null for the one set of credentials whose domain names the host. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    public boolean isFromHost() {
        return fromHost;
    }

    /** Whether the files come from the host, rather than go to it. */
    @DataBoundSetter
    public void setFromHost(boolean fromHost) {
        this.fromHost = fromHost;
    }

    /** A file, or a directory whose content is copied; with build variables, as the fields below. */
    @CheckForNull
    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull String from) {
        this.from = Util.fixEmptyAndTrim(from);
    }

    /** A directory; for a single file also its new name. */
    @CheckForNull
    public String getInto() {
        return into;
    }

    @DataBoundSetter
    public void setInto(@CheckForNull String into) {
        this.into = Util.fixEmptyAndTrim(into);
    }

    @CheckForNull
    public String getIncludes() {
        return includes;
    }

    @DataBoundSetter
    public void setIncludes(@CheckForNull String includes) {
        this.includes = Util.fixEmptyAndTrim(includes);
    }

    @CheckForNull
    public String getExcludes() {
        return excludes;
    }

    @DataBoundSetter
    public void setExcludes(@CheckForNull String excludes) {
        this.excludes = Util.fixEmptyAndTrim(excludes);
    }

    public boolean isFlatten() {
        return flatten;
    }

    /** Whether all files go into one directory. */
    @DataBoundSetter
    public void setFlatten(boolean flatten) {
        this.flatten = flatten;
    }

    /** One of {@link TransferCall#OVERWRITE}; null for the first of them. */
    @CheckForNull
    public String getOverwrite() {
        return overwrite;
    }

    @DataBoundSetter
    public void setOverwrite(@CheckForNull String overwrite) {
        String word = Util.fixEmptyAndTrim(overwrite);
        this.overwrite = TransferCall.OVERWRITE.get(0).equals(word) ? null : word;
    }

    public boolean isKeepPermissions() {
        return keepPermissions;
    }

    /** Whether a copy gets the permissions of its source. */
    @DataBoundSetter
    public void setKeepPermissions(boolean keepPermissions) {
        this.keepPermissions = keepPermissions;
    }

    public boolean isKeepTimes() {
        return keepTimes;
    }

    /** Whether a copy gets the time at which its source was changed. */
    @DataBoundSetter
    public void setKeepTimes(boolean keepTimes) {
        this.keepTimes = keepTimes;
    }

    public int getTimeoutSeconds() {
        return timeoutSeconds;
    }

    /** From the start on, waiting and connecting included; 0 for no limit. */
    @DataBoundSetter
    public void setTimeoutSeconds(int timeoutSeconds) {
        this.timeoutSeconds = timeoutSeconds;
    }

    @Override
    public void perform(
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        Map<String, String> variables = WaitingBuild.variables(run, env);
        TransferCall.Typed typed = new TransferCall.Typed(
                Util.replaceMacro(from, variables),
                Util.replaceMacro(into, variables),
                Util.replaceMacro(includes, variables),
                Util.replaceMacro(excludes, variables),
                flatten,
                overwrite,
                keepPermissions,
                keepTimes,
                timeoutSeconds);
        // Not the credentialsId, which the credentials plugin resolves itself.
        String where = Util.replaceMacro(host, variables);
        TransferCall call = fromHost
                ? TransferCall.get(where, credentialsId, typed)
                : TransferCall.put(where, credentialsId, typed);
        WaitingBuild.await(cancellation -> RemoteTransfers.run(call, workspace, run, listener, cancellation));
    }

    @Extension
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SshCopyBuilder_displayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String credentialsId) {
            return SshTargetForm.credentialsIdItems(job, host, credentialsId);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillOverwriteItems(@AncestorInPath Item job) {
            return SshTargetForm.overwriteItems(job);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckHost(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkHost(job, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckCredentialsId(
                @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String value) {
            return SshTargetForm.checkCredentialsId(job, host, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckFrom(
                @AncestorInPath Item job, @QueryParameter String value, @QueryParameter boolean fromHost) {
            return fromHost ? SshTargetForm.checkFromHost(job, value) : FormValidation.ok();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckInto(
                @AncestorInPath Item job, @QueryParameter String value, @QueryParameter boolean fromHost) {
            return fromHost ? FormValidation.ok() : SshTargetForm.checkIntoHost(job, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckTimeoutSeconds(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkTimeout(job, "timeoutSeconds", value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doTestConnection(
                @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String credentialsId) {
            return SshTargetForm.testConnection(job, host, credentialsId);
        }
    }
}
