package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.call.CommandOptions;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.TypedOptions;
import io.jenkins.plugins.sshexec.form.OptionsForm;
import io.jenkins.plugins.sshexec.form.OptionsWebMethods;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.structs.describable.CustomDescribableModel;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** What all steps that run something on a host have in common: what they return, their limits, how they look in the log. */
public abstract class CommandStep extends HostsStep implements TypedOptions {

    private boolean quiet;
    private boolean returnStdout;
    private boolean returnStatus;
    private boolean returnResult;

    @CheckForNull
    private String encoding;

    private int timeoutSeconds;
    private int idleTimeoutSeconds;

    @CheckForNull
    private String label;

    @CheckForNull
    private String workingDirectory;

    /** Null for none. */
    @CheckForNull
    private List<String> env;

    @CheckForNull
    private String pty;

    @CheckForNull
    private String stdin;

    @CheckForNull
    private String stdinFile;

    private boolean sudo;

    @CheckForNull
    private String sudoUser;

    @CheckForNull
    private String sudoCredentialsId;

    public boolean isQuiet() {
        return quiet;
    }

    /** Whether the log leaves the command out. */
    @DataBoundSetter
    public void setQuiet(boolean quiet) {
        this.quiet = quiet;
    }

    public boolean isReturnStdout() {
        return returnStdout;
    }

    /** As in {@code sh}: the step returns standard output, which then stays out of the log. */
    @DataBoundSetter
    public void setReturnStdout(boolean returnStdout) {
        this.returnStdout = returnStdout;
    }

    public boolean isReturnStatus() {
        return returnStatus;
    }

    /** As in {@code sh}: the step returns the exit status, and none fails it. */
    @DataBoundSetter
    public void setReturnStatus(boolean returnStatus) {
        this.returnStatus = returnStatus;
    }

    public boolean isReturnResult() {
        return returnResult;
    }

    /** The step returns an {@link SshExecResult}, and no exit status fails it. */
    @DataBoundSetter
    public void setReturnResult(boolean returnResult) {
        this.returnResult = returnResult;
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

    @CheckForNull
    public String getLabel() {
        return label;
    }

    /** As in {@code sh}: what stands for the step in pipeline views. */
    @DataBoundSetter
    public void setLabel(@CheckForNull String label) {
        this.label = Util.fixEmptyAndTrim(label);
    }

    @CheckForNull
    @Override
    public String getWorkingDirectory() {
        return workingDirectory;
    }

    @DataBoundSetter
    public void setWorkingDirectory(@CheckForNull String workingDirectory) {
        this.workingDirectory = Util.fixEmpty(workingDirectory);
    }

    @CheckForNull
    @Override
    public List<String> getEnv() {
        return env;
    }

    /** As the form shows it. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public String getEnvText() {
        return env == null ? null : String.join("\n", env);
    }

    /** In a Jenkinsfile also a map. */
    @DataBoundSetter
    public void setEnv(@CheckForNull List<String> env) {
        this.env = env == null || env.isEmpty() ? null : List.copyOf(env);
    }

    @CheckForNull
    @Override
    public String getPty() {
        return pty;
    }

    /** In a Jenkinsfile also a boolean. */
    @DataBoundSetter
    public void setPty(@CheckForNull String pty) {
        this.pty = Util.fixEmptyAndTrim(pty);
    }

    @CheckForNull
    @Override
    public String getStdin() {
        return stdin;
    }

    @DataBoundSetter
    public void setStdin(@CheckForNull String stdin) {
        this.stdin = Util.fixEmpty(stdin);
    }

    @CheckForNull
    @Override
    public String getStdinFile() {
        return stdinFile;
    }

    @DataBoundSetter
    public void setStdinFile(@CheckForNull String stdinFile) {
        this.stdinFile = Util.fixEmptyAndTrim(stdinFile);
    }

    @Override
    public boolean isSudo() {
        return sudo;
    }

    @DataBoundSetter
    public void setSudo(boolean sudo) {
        this.sudo = sudo;
    }

    @CheckForNull
    @Override
    public String getSudoUser() {
        return sudoUser;
    }

    @DataBoundSetter
    public void setSudoUser(@CheckForNull String sudoUser) {
        this.sudoUser = Util.fixEmptyAndTrim(sudoUser);
    }

    @CheckForNull
    @Override
    public String getSudoCredentialsId() {
        return sudoCredentialsId;
    }

    @DataBoundSetter
    public void setSudoCredentialsId(@CheckForNull String sudoCredentialsId) {
        this.sudoCredentialsId = Util.fixEmptyAndTrim(sudoCredentialsId);
    }

    /** What the remote user's shell is given, or what stands for it in the log; null where nothing was typed. */
    @CheckForNull
    abstract String remoteCommand();

    /** The step's own rules, checked where the step starts, so that a mistake fails the build with one sentence. */
    ExecCall toCall(StepContext context) throws IOException, InterruptedException {
        return toCall(context, getHost(), getCredentialsId());
    }

    /** The same for one of many hosts. */
    ExecCall toCall(StepContext context, @CheckForNull String host, @CheckForNull String credentialsId)
            throws IOException, InterruptedException {
        if ((returnStdout ? 1 : 0) + (returnStatus ? 1 : 0) + (returnResult ? 1 : 0) > 1) {
            throw new AbortException(Messages.CommandStep_oneReturn());
        }
        return ExecCall.of(
                        host,
                        credentialsId,
                        remoteCommand(),
                        encoding,
                        quiet,
                        returnedValue().output())
                .within(idleTimeoutSeconds, timeoutSeconds)
                .with(CommandOptions.of(this, UnaryOperator.identity(), () -> context.get(FilePath.class)));
    }

    /** The first of those that are asked for; {@link #toCall} refuses several. */
    ReturnedValue returnedValue() {
        if (returnStdout) {
            return ReturnedValue.STDOUT;
        }
        if (returnStatus) {
            return ReturnedValue.STATUS;
        }
        return returnResult ? ReturnedValue.RESULT : ReturnedValue.NOTHING;
    }

    void addLabel(StepContext context) throws IOException, InterruptedException {
        FlowNode node = label == null ? null : context.get(FlowNode.class);
        if (node != null) {
            node.addAction(new LabelAction(label));
        }
    }

    /** Web methods of the fields above, and the other forms that they may have in a Jenkinsfile. */
    abstract static class CommandStepDescriptor extends HostsStepDescriptor
            implements CustomDescribableModel, OptionsWebMethods {

        @Override
        public Map<String, Object> customInstantiate(Map<String, Object> arguments) {
            Map<String, Object> kept = new LinkedHashMap<>(arguments);
            if (kept.get("env") instanceof Map<?, ?> variables) {
                kept.put(
                        "env",
                        variables.entrySet().stream()
                                .map(variable -> variable.getKey() + "=" + variable.getValue())
                                .toList());
            }
            if (kept.get("pty") instanceof Boolean wanted) {
                kept.put("pty", wanted.toString());
            }
            return kept;
        }

        @Override
        public Step newInstance(@Nullable StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            OptionsForm.splitLines(form, "env");
            return super.newInstance(request, form);
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
        public FormValidation doCheckEncoding(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkEncoding(job, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckReturnResult(
                @AncestorInPath Item job,
                @QueryParameter boolean value,
                @QueryParameter boolean returnStdout,
                @QueryParameter boolean returnStatus) {
            boolean several = (value ? 1 : 0) + (returnStdout ? 1 : 0) + (returnStatus ? 1 : 0) > 1;
            return several && SshTargetForm.mayConfigure(job)
                    ? FormValidation.error(Messages.CommandStep_oneReturn())
                    : FormValidation.ok();
        }
    }
}
