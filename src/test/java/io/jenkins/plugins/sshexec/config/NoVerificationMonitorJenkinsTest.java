package io.jenkins.plugins.sshexec.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.ExtensionList;
import io.jenkins.plugins.sshexec.hostkey.ApprovedKeysVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class NoVerificationMonitorJenkinsTest {

    @Test
    void administratorsAreWarnedForAsLongAsNothingIsVerified(JenkinsRule jenkins) throws Exception {
        NoVerificationMonitor monitor = ExtensionList.lookupSingleton(NoVerificationMonitor.class);
        assertThat(monitor.isSecurity()).isTrue();
        assertThat(monitor.isActivated()).isFalse();
        assertThat(managePage(jenkins)).doesNotContain("without verifying the keys of hosts");
        SshExecConfiguration.get().setHostKeyVerification(new NoVerification());
        assertThat(monitor.isActivated()).isTrue();
        assertThat(managePage(jenkins)).contains("without verifying the keys of hosts");
        SshExecConfiguration.get().setHostKeyVerification(new ApprovedKeysVerification());
        assertThat(monitor.isActivated()).isFalse();
    }

    private static String managePage(JenkinsRule jenkins) throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            return browser.goTo("manage/").asNormalizedText();
        }
    }
}
