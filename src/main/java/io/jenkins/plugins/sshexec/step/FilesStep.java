package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.call.TransferCall;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What the steps that copy files have in common. */
public abstract class FilesStep extends SshStep {

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

    /** A file, or a directory whose content is copied. */
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

    /** Patterns of Ant's, parted by commas; null for all files. */
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

    TransferCall.Typed typed() {
        return new TransferCall.Typed(
                from, into, includes, excludes, flatten, overwrite, keepPermissions, keepTimes, timeoutSeconds);
    }

    /** The step's rules, checked where the step starts, so that a mistake fails the build with one sentence. */
    abstract TransferCall toCall() throws AbortException;

    @Override
    StepExecution execution(StepContext context) throws AbortException {
        return new FilesStepExecution(context, this);
    }

    /** These steps need a workspace, and so a {@code node}. */
    abstract static class FilesStepDescriptor extends SshStepDescriptor {

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FilePath.class);
        }

        @Override
        public String argumentsToString(Map<String, Object> namedArgs) {
            Object from = namedArgs.get("from");
            Object into = namedArgs.get("into");
            return from instanceof String && into instanceof String ? from + " → " + into : null;
        }

        @POST
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillOverwriteItems(@AncestorInPath Item job) {
            return SshTargetForm.overwriteItems(job);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckTimeoutSeconds(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkTimeout(job, "timeoutSeconds", value);
        }
    }
}
