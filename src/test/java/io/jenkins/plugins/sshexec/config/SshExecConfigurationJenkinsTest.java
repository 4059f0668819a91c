package io.jenkins.plugins.sshexec.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.sshexec.hostkey.AcceptNewVerification;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.html.HtmlForm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The settings through the form and through Configuration as Code, in and out. */
@WithJenkins
class SshExecConfigurationJenkinsTest {

    private static final String YAML = """
            unclassified:
              sshExec:
                channelsPerSession: 4
                connectTimeoutSeconds: 10
                hostKeyVerification:
                  knownHostsFile:
                    file: "/etc/ssh/known"
                keepAliveSeconds: 0
                maxAgeSeconds: 3600
                maxIdleSeconds: 60
                sessionsInTotal: 50
                sessionsPerHost: 5
                waitTimeoutSeconds: 120
            """;

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @Test
    void configurationAsCodeIsExportedAsItWasImported() throws Exception {
        configure(YAML);
        SshExecConfiguration configuration = SshExecConfiguration.get();
        assertThat(configuration.getSessionsPerHost()).isEqualTo(5);
        assertThat(configuration.getSessionsInTotal()).isEqualTo(50);
        assertThat(configuration.getChannelsPerSession()).isEqualTo(4);
        assertThat(configuration.getKeepAliveSeconds()).isZero();
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        assertThat(exported.toString(StandardCharsets.UTF_8)).contains(YAML.substring(YAML.indexOf("  sshExec")));
    }

    @Test
    void everyVerificationHasAWordInConfigurationAsCode() throws Exception {
        configure("unclassified: {sshExec: {hostKeyVerification: acceptNew}}");
        assertThat(SshExecConfiguration.get().getHostKeyVerification()).isInstanceOf(AcceptNewVerification.class);
        configure("unclassified: {sshExec: {hostKeyVerification: noVerification}}");
        assertThat(SshExecConfiguration.get().getHostKeyVerification()).isInstanceOf(NoVerification.class);
        configure("unclassified: {sshExec: {hostKeyVerification: knownHostsFile}}");
        assertThat(SshExecConfiguration.get().getHostKeyVerification()).isInstanceOf(KnownHostsFileVerification.class);
    }

    @Test
    void configurationAsCodeRefusesWhatIsOutOfRangeAndSaysWhy() {
        assertThatThrownBy(() -> configure("unclassified: {sshExec: {keepAliveSeconds: 5}}"))
                .isInstanceOf(ConfiguratorException.class)
                .rootCause()
                .hasMessageContaining("Type 0 for none, or a whole number from 15 to 3600.");
        assertThat(SshExecConfiguration.get().getKeepAliveSeconds()).isEqualTo(60);
    }

    @Test
    void formKeepsEverything() throws Exception {
        for (Descriptor<HostKeyVerification> choice : ExtensionList.lookup(Descriptor.class).stream()
                .filter(descriptor -> descriptor.clazz.getSuperclass() == HostKeyVerification.class)
                .map(descriptor -> (Descriptor<HostKeyVerification>) descriptor)
                .toList()) {
            configure(YAML);
            SshExecConfiguration configuration = SshExecConfiguration.get();
            configuration.setHostKeyVerification(
                    choice.clazz.getDeclaredConstructor().newInstance());
            jenkins.configRoundtrip();
            assertThat(configuration.getHostKeyVerification()).isInstanceOf(choice.clazz);
            assertThat(configuration.getSessionsPerHost()).isEqualTo(5);
            assertThat(configuration.getMaxIdleSeconds()).isEqualTo(60);
            assertThat(configuration.getMaxAgeSeconds()).isEqualTo(3600);
            assertThat(configuration.getConnectTimeoutSeconds()).isEqualTo(10);
            assertThat(configuration.getWaitTimeoutSeconds()).isEqualTo(120);
            assertThat(configuration.getKeepAliveSeconds()).isZero();
        }
    }

    @Test
    void aFormWithOneBadNumberChangesNothing() throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            HtmlForm form = browser.goTo("configure").getFormByName("config");
            form.getInputByName("_.maxIdleSeconds").setValue("70");
            form.getInputByName("_.maxAgeSeconds").setValue("1");
            assertThatThrownBy(() -> jenkins.submit(form)).isInstanceOf(FailingHttpStatusCodeException.class);
        }
        assertThat(SshExecConfiguration.get().getMaxIdleSeconds()).isEqualTo(300);
        assertThat(SshExecConfiguration.get().getMaxAgeSeconds()).isEqualTo(14_400);
    }

    @Test
    void settingsSurviveARestart() throws Exception {
        configure(YAML);
        SshExecConfiguration loaded = new SshExecConfiguration();
        loaded.load();
        assertThat(loaded.getSessionsPerHost()).isEqualTo(5);
        assertThat(((KnownHostsFileVerification) loaded.getHostKeyVerification()).getFile())
                .isEqualTo("/etc/ssh/known");
    }

    @Test
    void checksSayWhatToType() {
        SshExecConfiguration configuration = SshExecConfiguration.get();
        assertThat(configuration.doCheckSessionsPerHost("8").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(configuration.doCheckSessionsPerHost("0").getMessage())
                .isEqualTo("Type a whole number from 1 to 1000.");
        assertThat(configuration.doCheckKeepAliveSeconds("0").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(configuration.doCheckKeepAliveSeconds("often").kind).isEqualTo(FormValidation.Kind.ERROR);
    }

    @Test
    void aPathThatIsNotAbsoluteIsRefusedInConfigurationAsCodeToo() {
        assertThatThrownBy(() ->
                        configure("unclassified: {sshExec: {hostKeyVerification: {knownHostsFile: {file: known}}}}"))
                .rootCause()
                .hasMessageContaining("Type the absolute path");
    }

    @Test
    void helpAndDocumentationSayTheRangesAndDefaults() throws Exception {
        String table = Files.readString(Path.of("docs/configuration.md"));
        for (PoolLimit limit : PoolLimit.values()) {
            String help = new String(
                    SshExecConfiguration.class
                            .getResourceAsStream("SshExecConfiguration/help-" + limit.field() + ".html")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(help)
                    .as(limit.field())
                    .contains(limit.min() + " to " + limit.max())
                    .containsPattern("\\b" + limit.defaultValue() + "\\b");
            assertThat(table)
                    .as(limit.field())
                    .containsPattern("(?m)^\\| `" + limit.field() + "` .*\\b" + limit.min() + " to " + limit.max()
                            + " \\| " + limit.defaultValue() + " \\|$");
        }
    }

    private void configure(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("jenkins.yaml"), yaml);
        ConfigurationAsCode.get().configure(file.toUri().toString());
    }
}
