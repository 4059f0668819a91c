package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.sshexec.call.ConnectionFailure;
import io.jenkins.plugins.sshexec.call.ManyHostsFailure;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * {@code retry(count: 3, conditions: [sshConnection()])}: only failures after which a command may be sent again, because
 * it was not sent. A refused login or host key is none, since the next try would be refused too.
 */
public final class SshConnectionErrorCondition extends ErrorCondition {

    private static final long serialVersionUID = 1L;

    @DataBoundConstructor
    public SshConnectionErrorCondition() {
        // Nothing to configure.
    }

    @Override
    public boolean test(Throwable failure, StepContext context) {
        return failure instanceof ConnectionFailure
                || failure instanceof ManyHostsFailure onMany && onMany.isSafeToRepeat();
    }

    @Extension
    @Symbol("sshConnection")
    public static final class DescriptorImpl extends ErrorConditionDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.SshConnectionErrorCondition_displayName();
        }
    }
}
