package io.jenkins.plugins.sshexec.form;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.call.CommandOptions;
import io.jenkins.plugins.sshexec.call.ScriptCall;
import io.jenkins.plugins.sshexec.credentials.CredentialsModel;
import java.util.List;
import net.sf.json.JSONObject;

/**
 * The bodies of the web methods for what goes with a command, which the step's and the build step's descriptors share. A user who
 * may not see the job's configuration is told nothing.
 */
public final class OptionsForm {

    private OptionsForm() {}

    /** Credentials with a password. */
    public static ListBoxModel sudoCredentialsIdItems(
            @CheckForNull Item job, @CheckForNull String host, @CheckForNull String credentialsId) {
        return CredentialsModel.passwordItems(job, SshTargetForm.address(job, host), credentialsId);
    }

    public static FormValidation checkSudoUser(@CheckForNull Item job, @CheckForNull String value) {
        return SshTargetForm.checkUnlessVariable(job, value, () -> CommandOptions.sudoUser(value));
    }

    public static FormValidation checkWorkingDirectory(@CheckForNull Item job, @CheckForNull String value) {
        return SshTargetForm.checkUnlessVariable(job, value, () -> CommandOptions.directory(value));
    }

    /** Checks {@code NAME=value} of each line. */
    public static FormValidation checkEnv(@CheckForNull Item job, @CheckForNull String value) {
        return SshTargetForm.mayConfigure(job)
                ? SshTargetForm.check(() -> CommandOptions.variables(ofLines(value)))
                : FormValidation.ok();
    }

    public static FormValidation checkPty(@CheckForNull Item job, @CheckForNull String value) {
        return SshTargetForm.mayConfigure(job)
                ? SshTargetForm.check(() -> CommandOptions.terminal(value))
                : FormValidation.ok();
    }

    public static FormValidation checkStdinFile(
            @CheckForNull Item job, @CheckForNull String value, @CheckForNull String stdin) {
        String path = Util.fixEmptyAndTrim(value);
        return path == null
                ? FormValidation.ok()
                : SshTargetForm.checkUnlessVariable(
                        job, path, () -> CommandOptions.inputFile(path, Util.fixEmpty(stdin)));
    }

    /** Checks that a script is given, as a file or a text. */
    public static FormValidation checkScript(
            @CheckForNull Item job, @CheckForNull String file, @CheckForNull String text) {
        return SshTargetForm.mayConfigure(job)
                ? SshTargetForm.check(() -> ScriptCall.requireOne(file, text) && Util.fixEmptyAndTrim(file) != null
                        ? CommandOptions.workspacePath(file.trim())
                        : "")
                : FormValidation.ok();
    }

    public static FormValidation checkInterpreter(@CheckForNull Item job, @CheckForNull String value) {
        return SshTargetForm.mayConfigure(job)
                ? SshTargetForm.check(() -> ScriptCall.interpreter(value))
                : FormValidation.ok();
    }

    /** The lines of a text area as a list, in the submitted form itself. */
    public static void splitLines(JSONObject form, String field) {
        if (form.get(field) instanceof String text) {
            form.put(field, ofLines(text));
        }
    }

    private static List<String> ofLines(@CheckForNull String text) {
        return text == null
                ? List.of()
                : text.lines().filter(line -> !line.isBlank()).toList();
    }
}
