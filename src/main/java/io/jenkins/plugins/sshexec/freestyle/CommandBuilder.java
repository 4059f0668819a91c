package io.jenkins.plugins.sshexec.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.tasks.Builder;
import io.jenkins.plugins.sshexec.call.TypedOptions;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * What goes with the command of a build step. Build variables are replaced in all of it but the terminal; those in the id of the
 * credentials are the credentials plugin's to resolve.
 */
public abstract class CommandBuilder extends Builder implements TypedOptions {

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

    CommandBuilder() {}

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

    @DataBoundSetter
    public void setEnv(@CheckForNull List<String> env) {
        this.env = env == null || env.isEmpty() ? null : List.copyOf(env);
    }

    @CheckForNull
    @Override
    public String getPty() {
        return pty;
    }

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
}
