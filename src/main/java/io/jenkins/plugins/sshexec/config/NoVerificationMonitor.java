package io.jenkins.plugins.sshexec.config;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import org.jenkinsci.Symbol;

/** Warns administrators for as long as the keys of any hosts are not verified. */
@Extension
@Symbol("sshExecNoVerification")
public final class NoVerificationMonitor extends AdministrativeMonitor {

    @Override
    public String getDisplayName() {
        return Messages.NoVerificationMonitor_displayName();
    }

    @Override
    public boolean isSecurity() {
        return true;
    }

    /** A named host may be verified more strictly than all others, never less, so the choice for all tells it. */
    @Override
    public boolean isActivated() {
        return SshExecConfiguration.get().getHostKeyVerification() instanceof NoVerification;
    }
}
