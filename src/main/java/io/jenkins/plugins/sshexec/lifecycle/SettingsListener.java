package io.jenkins.plugins.sshexec.lifecycle;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;

/** Hands changed settings to the pool, from whichever way they were changed: form, Configuration as Code, script. */
@Extension
public final class SettingsListener extends SaveableListener {

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof SshExecConfiguration configuration) {
            SshPoolService.get().apply(configuration);
        }
    }
}
