package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import io.jenkins.plugins.sshexec.call.ExecCall;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code withSsh(host: 'web1') { ... }}: the host and the credentials of all steps inside that name none themselves. */
public final class WithSshStep extends SshStep {

    private SshDefaults inside = SshDefaults.NONE;

    @DataBoundConstructor
    public WithSshStep() {
        // All parameters have setters.
    }

    /** What this block says is told to the steps inside as it is, since they judge by it whom the credentials are for. */
    @Override
    void inherit(SshDefaults around) {
        inside = around.with(getHost(), getCredentialsId());
    }

    @Override
    StepExecution execution(StepContext context) throws AbortException {
        if (getHost() == null && getCredentialsId() == null) {
            throw new AbortException(Messages.WithSshStep_nothing());
        }
        if (getHost() != null) {
            ExecCall.destination(getHost()); // A mistake is told here, rather than at each step inside.
        }
        return new WithSshStepExecution(context, inside);
    }

    @Extension
    public static final class DescriptorImpl extends SshStepDescriptor {

        @Override
        public String getFunctionName() {
            return "withSsh";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.WithSshStep_displayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return namedArgs.get("host") instanceof String host ? host : null;
        }
    }
}
