package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import java.io.IOException;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What all steps that talk to a host have in common: which host, and with which credentials. */
public abstract class SshStep extends Step {

    @CheckForNull
    private String host;

    @CheckForNull
    private String credentialsId;

    /** {@code [user@]host[:port]}; null for that of the {@code withSsh} block around the step. */
    @CheckForNull
    public String getHost() {
        return host;
    }

    @DataBoundSetter
    public void setHost(@CheckForNull String host) {
        this.host = Util.fixEmptyAndTrim(host);
    }

    /** Null for those of the {@code withSsh} block around the step, or else the one set of credentials whose domain names the host. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @Override
    public final StepExecution start(StepContext context) throws IOException, InterruptedException {
        inherit(SshDefaults.around(context));
        return execution(context);
    }

    /** Takes from the blocks around the step what it does not say itself. A step is made for one call. */
    void inherit(SshDefaults around) {
        if (host == null) {
            host = around.host();
        }
        if (credentialsId == null) {
            credentialsId = around.credentialsIdFor(host);
        }
    }

    /** The step under way; {@link #getHost} and {@link #getCredentialsId} are what it goes by. */
    abstract StepExecution execution(StepContext context) throws AbortException;

    /** Web methods of the fields above. No step needs a {@code node}. */
    abstract static class SshStepDescriptor extends StepDescriptor {

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
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
            return Util.fixEmptyAndTrim(value) == null && SshTargetForm.mayConfigure(job)
                    ? FormValidation.ok(Messages.SshStep_noHost())
                    : SshTargetForm.checkHost(job, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckCredentialsId(
                @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String value) {
            return SshTargetForm.checkCredentialsId(job, host, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doTestConnection(
                @AncestorInPath Item job, @QueryParameter String host, @QueryParameter String credentialsId) {
            return SshTargetForm.testConnection(job, host, credentialsId);
        }
    }
}
