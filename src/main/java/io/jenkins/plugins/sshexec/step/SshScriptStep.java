package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.LogText;
import io.jenkins.plugins.sshexec.call.ScriptCall;
import io.jenkins.plugins.sshexec.form.OptionsForm;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** {@code sshScript}: runs a script of the workspace, or a text, on a host, and leaves nothing of it there. */
public final class SshScriptStep extends CommandStep {

    @CheckForNull
    private String file;

    @CheckForNull
    private String text;

    @CheckForNull
    private String interpreter;

    @CheckForNull
    private List<String> args;

    @DataBoundConstructor
    public SshScriptStep() {
        // All is optional, since either of file and text will do.
    }

    /** Path within the workspace; null where there is a text. */
    @CheckForNull
    public String getFile() {
        return file;
    }

    @DataBoundSetter
    public void setFile(@CheckForNull String file) {
        this.file = Util.fixEmptyAndTrim(file);
    }

    /** The script itself; null where there is a file. */
    @CheckForNull
    public String getText() {
        return text;
    }

    @DataBoundSetter
    public void setText(@CheckForNull String text) {
        this.text = Util.fixEmpty(text);
    }

    /** Program with options; null for that of the script's first line. */
    @CheckForNull
    public String getInterpreter() {
        return interpreter;
    }

    @DataBoundSetter
    public void setInterpreter(@CheckForNull String interpreter) {
        this.interpreter = Util.fixEmptyAndTrim(interpreter);
    }

    /** Null for none. */
    @CheckForNull
    public List<String> getArgs() {
        return args;
    }

    /** As the form shows them. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public String getArgsText() {
        return args == null ? null : String.join("\n", args);
    }

    /** As the script gets them: no shell looks at them. */
    @DataBoundSetter
    public void setArgs(@CheckForNull List<String> args) {
        this.args = args == null || args.isEmpty() ? null : List.copyOf(args);
    }

    @Override
    String remoteCommand() {
        return "sshScript"; // never sent; what the log shows is said below
    }

    @Override
    ExecCall toCall(StepContext context, @CheckForNull String host, @CheckForNull String credentialsId)
            throws IOException, InterruptedException {
        ScriptCall.requireOne(file, text);
        ScriptCall script = ScriptCall.of(file, text, interpreter, args, () -> context.get(FilePath.class));
        return super.toCall(context, host, credentialsId).of(script).shownAs(script.shown());
    }

    @Override
    StepExecution execution(StepContext context) {
        return goesToMany() ? new ManyHostsExecution(context, this) : new SshExecStepExecution(context, this);
    }

    /** Behind the step of this name of SSH Pipeline Steps: where that is installed, it is the one that Jenkinsfiles mean. */
    @Extension(ordinal = -1)
    public static final class DescriptorImpl extends CommandStepDescriptor {

        @Override
        public String getFunctionName() {
            return "sshScript";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SshScriptStep_displayName();
        }

        @Override
        public Step newInstance(@Nullable StaplerRequest2 request, @NonNull JSONObject form) throws FormException {
            OptionsForm.splitLines(form, "args");
            return super.newInstance(request, form);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            if (Boolean.TRUE.equals(namedArgs.get("quiet"))) {
                return null; // nothing to show
            }
            return namedArgs.get("file") instanceof String file
                    ? file
                    : namedArgs.get("text") instanceof String text ? LogText.firstLine(text) : null;
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckFile(
                @AncestorInPath Item job, @QueryParameter String value, @QueryParameter String text) {
            return OptionsForm.checkScript(job, value, text);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckInterpreter(@AncestorInPath Item job, @QueryParameter String value) {
            return OptionsForm.checkInterpreter(job, value);
        }
    }
}
