package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.call.LogText;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code sshExec}: runs a command on a host over SSH. */
public final class SshExecStep extends CommandStep {

    private final String command;

    private boolean durable;

    @CheckForNull
    private String durableDirectory;

    /** @param command one line or many, for the login shell of the remote user */
    @DataBoundConstructor
    public SshExecStep(String command) {
        this.command = command;
    }

    public String getCommand() {
        return command;
    }

    public boolean isDurable() {
        return durable;
    }

    /** Whether the command outlives its connection and a restart of Jenkins. */
    @DataBoundSetter
    public void setDurable(boolean durable) {
        this.durable = durable;
    }

    @CheckForNull
    public String getDurableDirectory() {
        return durableDirectory;
    }

    /** On the host, for the folders of durable commands: an absolute path; null for the user's home directory. */
    @DataBoundSetter
    public void setDurableDirectory(@CheckForNull String durableDirectory) {
        this.durableDirectory = Util.fixEmptyAndTrim(durableDirectory);
    }

    @Override
    String remoteCommand() {
        return command;
    }

    @Override
    StepExecution execution(StepContext context) throws AbortException {
        if (goesToMany()) {
            if (durable) {
                throw new AbortException(Messages.SshExecStep_durableOnMany());
            }
            return new ManyHostsExecution(context, this);
        }
        return durable ? new DurableStepExecution(context, this) : new SshExecStepExecution(context, this);
    }

    @Extension
    public static final class DescriptorImpl extends CommandStepDescriptor {

        @Override
        public String getFunctionName() {
            return "sshExec";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SshExecStep_displayName();
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            // Null: nothing to show.
            return Boolean.TRUE.equals(namedArgs.get("quiet")) || !(namedArgs.get("command") instanceof String command)
                    ? null
                    : LogText.firstLine(command);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckCommand(
                @AncestorInPath Item job, @QueryParameter String value, @QueryParameter String encoding) {
            return SshTargetForm.checkCommand(job, value, encoding);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckDurableDirectory(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkDurableDirectory(job, value);
        }
    }
}
