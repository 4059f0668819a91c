package io.jenkins.plugins.sshexec.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.call.CallResult;
import io.jenkins.plugins.sshexec.call.CommandOptions;
import io.jenkins.plugins.sshexec.call.Durable;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.call.RemoteCalls;
import io.jenkins.plugins.sshexec.form.OptionsForm;
import io.jenkins.plugins.sshexec.form.OptionsWebMethods;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import jenkins.tasks.SimpleBuildStep;
import net.sf.json.JSONObject;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The build step "Run a command over SSH" of freestyle jobs. Without {@code @Symbol}: the word {@code sshExec} is the
 * Pipeline step's.
 */
public final class SshExecBuilder extends CommandBuilder implements SimpleBuildStep {

    private final String host;
    private final String command;

    @CheckForNull
    private String credentialsId;

    private boolean quiet;

    @CheckForNull
    private String encoding;

    private int timeoutSeconds;
    private int idleTimeoutSeconds;

    private boolean unstableOnNonZeroExit;

    private boolean durable;

    @CheckForNull
    private String durableDirectory;

    @DataBoundConstructor
    public SshExecBuilder(String host, String command) {
        this.host = Util.fixEmptyAndTrim(host);
        this.command = command;
    }

    /** {@code [user@]host[:port]}, with build variables. */
    public String getHost() {
        return host;
    }

    /** One line or many, with build variables, for the login shell of the remote user. */
    public String getCommand() {
        return command;
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

    public boolean isQuiet() {
        return quiet;
    }

    /** Whether the log leaves the command out. */
    @DataBoundSetter
    public void setQuiet(boolean quiet) {
        this.quiet = quiet;
    }

    @CheckForNull
    public String getEncoding() {
        return encoding;
    }

    /** Charset of the command and its output; null for UTF-8. */
    @DataBoundSetter
    public void setEncoding(@CheckForNull String encoding) {
        this.encoding = Util.fixEmptyAndTrim(encoding);
    }

    public int getTimeoutSeconds() {
        return timeoutSeconds;
    }

    /** From the start on, waiting and connecting included; 0 for no limit. */
    @DataBoundSetter
    public void setTimeoutSeconds(int timeoutSeconds) {
        this.timeoutSeconds = timeoutSeconds;
    }

    public int getIdleTimeoutSeconds() {
        return idleTimeoutSeconds;
    }

    /** How long the command may write nothing; 0 for no limit. */
    @DataBoundSetter
    public void setIdleTimeoutSeconds(int idleTimeoutSeconds) {
        this.idleTimeoutSeconds = idleTimeoutSeconds;
    }

    public boolean isUnstableOnNonZeroExit() {
        return unstableOnNonZeroExit;
    }

    /** Whether an exit status other than 0 makes the build unstable, and lets it go on, rather than failing it. */
    @DataBoundSetter
    public void setUnstableOnNonZeroExit(boolean unstableOnNonZeroExit) {
        this.unstableOnNonZeroExit = unstableOnNonZeroExit;
    }

    public boolean isDurable() {
        return durable;
    }

    /** Whether the command outlives its connection; a freestyle build itself outlives no restart of Jenkins. */
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

    /** But for a file for standard input, which {@link CommandOptions} then asks for. */
    @Override
    public boolean requiresWorkspace() {
        return false;
    }

    @Override
    public void perform(@NonNull Run<?, ?> run, @NonNull EnvVars env, @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        perform(run, null, env, listener);
    }

    @Override
    public void perform(
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        perform(run, workspace, env, listener);
    }

    private void perform(Run<?, ?> run, @CheckForNull FilePath workspace, EnvVars env, TaskListener listener)
            throws InterruptedException, IOException {
        Map<String, String> variables = WaitingBuild.variables(run, env);
        // Not the ids of credentials: the credentials plugin resolves ${PARAMETER} itself, and then checks whether
        // the user who chose the value may use those credentials.
        ExecCall call = ExecCall.of(
                        Util.replaceMacro(host, variables),
                        credentialsId,
                        Util.replaceMacro(command, variables),
                        encoding,
                        quiet,
                        Returned.NOTHING)
                .shownAs(command) // with its variables: their values may be secret
                .within(idleTimeoutSeconds, timeoutSeconds)
                .with(CommandOptions.of(this, value -> Util.replaceMacro(value, variables), () -> workspace));
        if (durable) {
            call = call.outliving(Durable.toStart(UUID.randomUUID(), Util.replaceMacro(durableDirectory, variables)));
        }
        ExecCall complete = call;
        CallResult result = WaitingBuild.await(cancellation -> RemoteCalls.exec(complete, run, listener, cancellation));
        if (unstableOnNonZeroExit && !result.isSuccess()) {
            listener.error(result.failure());
            run.setResult(Result.UNSTABLE);
        } else {
            result.requireSuccess();
        }
    }

    @Extension
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> implements OptionsWebMethods {

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SshExecBuilder_displayName();
        }

        @Override
        public Builder newInstance(@Nullable StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            OptionsForm.splitLines(form, "env");
            return super.newInstance(request, form);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String credentialsId) {
            return SshTargetForm.credentialsIdItems(job, host, credentialsId);
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
        public FormValidation doCheckCommand(
                @AncestorInPath Item job, @QueryParameter String value, @QueryParameter String encoding) {
            return SshTargetForm.checkCommand(job, value, encoding);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckTimeoutSeconds(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkTimeout(job, "timeoutSeconds", value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckIdleTimeoutSeconds(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkTimeout(job, "idleTimeoutSeconds", value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckDurableDirectory(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkDurableDirectory(job, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckEncoding(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkEncoding(job, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doTestConnection(
                @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String credentialsId) {
            return SshTargetForm.testConnection(job, host, credentialsId);
        }
    }
}
