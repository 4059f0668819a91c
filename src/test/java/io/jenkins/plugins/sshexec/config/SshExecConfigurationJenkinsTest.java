package io.jenkins.plugins.sshexec.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.hostkey.AcceptNewVerification;
import io.jenkins.plugins.sshexec.hostkey.ApprovedKeysVerification;
import io.jenkins.plugins.sshexec.hostkey.GivenKeysVerification;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.hosts.HostProxy;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
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
            hosts:
            - address: "192.0.2.1"
              channelsPerSession: 5
              credentialsId: "web"
              hostKeyVerification:
                knownHostsFile:
                  file: "/etc/ssh/dmz"
              jumpHost: "web2"
              labels: "web production"
              legacyAlgorithms: true
              minIdleSessions: 2
              name: "web1"
              port: 2222
              sessionsPerHost: 20
              user: "deploy"
            - name: "web2"
              proxy:
                address: "proxy.example.org"
                credentialsId: "web"
                port: 1080
                type: SOCKS5
            keepAliveSeconds: 0
            maxAgeSeconds: 3600
            maxIdleSeconds: 60
            sessionsInTotal: 50
            sessionsPerHost: 5
            waitTimeoutSeconds: 120
        """;

    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEluc2VydCBoZXJlIGEga2V5IHRoYXQgaXMgbm9uZS4u";

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
        configure("unclassified: {sshExec: {hostKeyVerification: approvedKeys}}");
        assertThat(SshExecConfiguration.get().getHostKeyVerification()).isInstanceOf(ApprovedKeysVerification.class);
        configure("unclassified: {sshExec: {hostKeyVerification: givenKeys}}");
        assertThat(SshExecConfiguration.get().getHostKeyVerification()).isInstanceOf(GivenKeysVerification.class);
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
            configuration.setHosts(List.of());
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
    void formAndConfigurationAsCodeKeepGivenKeys() throws Exception {
        String yaml = """
            unclassified:
              sshExec:
                hostKeyVerification:
                  givenKeys:
                    keys: |-
                      # two keys
                      web1 %1$s
                      @cert-authority *.example.org %1$s
            """.formatted(KEY);
        String keys = "# two keys\nweb1 " + KEY + "\n@cert-authority *.example.org " + KEY;
        configure(yaml);
        assertThat(givenKeys()).isEqualTo(keys);
        jenkins.configRoundtrip();
        assertThat(givenKeys()).isEqualTo(keys);
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        String verification = yaml.substring(yaml.indexOf("    hostKeyVerification"));
        assertThat(exported.toString(StandardCharsets.UTF_8)).contains(verification);
    }

    private static String givenKeys() {
        return ((GivenKeysVerification) SshExecConfiguration.get().getHostKeyVerification()).getKeys();
    }

    @Test
    void configurationAsCodeRefusesDamagedKeysByTheirLines() {
        assertThatThrownBy(() -> configure("unclassified: {sshExec: {hostKeyVerification: {givenKeys: {keys: \"web1 "
                        + KEY + "\\nweb2 ssh-ed25519 AAAA\"}}}}"))
                .rootCause()
                .hasMessageContaining("these lines are not of that form: 2.");
    }

    @Test
    void formKeepsSeveralKnownHostsFiles() throws Exception {
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile("/etc/ssh/known\n/etc/ssh/known2");
        SshExecConfiguration.get().setHostKeyVerification(verification);
        jenkins.configRoundtrip();
        assertThat(((KnownHostsFileVerification) SshExecConfiguration.get().getHostKeyVerification()).getFile())
                .isEqualTo("/etc/ssh/known\n/etc/ssh/known2");
    }

    @Test
    void checksOfKeysAndFilesSayWhatToType() throws Exception {
        GivenKeysVerification.DescriptorImpl given =
                jenkins.jenkins.getDescriptorByType(GivenKeysVerification.DescriptorImpl.class);
        assertThat(given.doCheckKeys("web1 " + KEY + "\r\n").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(given.doCheckKeys("\r\nweb1").getMessage()).contains("these lines are not of that form: 2.");
        assertThat(given.doCheckKeys(" ").kind).isEqualTo(FormValidation.Kind.WARNING);
        KnownHostsFileVerification.DescriptorImpl files =
                jenkins.jenkins.getDescriptorByType(KnownHostsFileVerification.DescriptorImpl.class);
        Path there = Files.createFile(directory.resolve("known_hosts"));
        assertThat(files.doCheckFile(there + "\r\n").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(files.doCheckFile(there + "\r\n" + directory.resolve("none")).getMessage())
                .contains("none")
                .doesNotContain(there.toString());
        assertThat(files.doCheckFile("known_hosts").kind).isEqualTo(FormValidation.Kind.ERROR);
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
    void formKeepsHostsAndTheAbsenceOfHosts() throws Exception {
        configure(YAML);
        jenkins.configRoundtrip();
        List<NamedHost> hosts = SshExecConfiguration.get().getHosts();
        assertThat(hosts).hasSize(2);
        jenkins.assertEqualDataBoundBeans(expectedHost(), hosts.get(0));
        NamedHost web2 = new NamedHost("web2");
        web2.setProxy(new HostProxy(Proxy.Type.SOCKS5, "proxy.example.org", 1080));
        web2.getProxy().setCredentialsId("web");
        jenkins.assertEqualDataBoundBeans(web2, hosts.get(1));
        SshExecConfiguration.get().setHosts(List.of());
        jenkins.configRoundtrip();
        assertThat(SshExecConfiguration.get().getHosts()).isEmpty();
    }

    private static NamedHost expectedHost() {
        NamedHost host = new NamedHost("web1");
        host.setAddress("192.0.2.1");
        host.setPort(2222);
        host.setUser("deploy");
        host.setCredentialsId("web");
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile("/etc/ssh/dmz");
        host.setHostKeyVerification(verification);
        host.setLegacyAlgorithms(true);
        host.setJumpHost("web2");
        host.setSessionsPerHost(20);
        host.setChannelsPerSession(5);
        host.setMinIdleSessions(2);
        host.setLabels("web production");
        return host;
    }

    @Test
    void aFormWithTwoHostsOfOneNameChangesNothing() throws Exception {
        configure(YAML);
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            browser.setThrowExceptionOnFailingStatusCode(false);
            HtmlForm form = browser.goTo("configure").getFormByName("config");
            form.getInputByName("_.maxIdleSeconds").setValue("70");
            List<HtmlInput> names = form.getInputsByName("_.name").stream()
                    .filter(input -> input.getValue().equals("web2"))
                    .toList();
            assertThat(names).hasSize(1);
            names.get(0).setValue("WEB1");
            HtmlPage answer = jenkins.submit(form);
            assertThat(answer.asNormalizedText()).contains("There are two hosts \"WEB1\"");
        }
        assertThat(SshExecConfiguration.get().getHosts())
                .map(NamedHost::getName)
                .containsExactly("web1", "web2");
        assertThat(SshExecConfiguration.get().getMaxIdleSeconds()).isEqualTo(60);
    }

    @Test
    void configurationAsCodeMayNameHostsAndVerificationInAnyOrder() throws Exception {
        configure("unclassified: {sshExec: {hosts: [{name: web1, hostKeyVerification: acceptNew}], hostKeyVerification:"
                + " noVerification}}");
        configure("unclassified: {sshExec: {hostKeyVerification: knownHostsFile, hosts: [{name: web2}]}}");
        assertThat(SshExecConfiguration.get().getHosts())
                .map(NamedHost::getName)
                .containsExactly("web2");
        configure("unclassified: {sshExec: {hostKeyVerification: noVerification, hosts: [{name: web3,"
                + " hostKeyVerification: acceptNew}]}}");
        assertThat(SshExecConfiguration.get().getHosts())
                .map(NamedHost::getName)
                .containsExactly("web3");
    }

    @Test
    void configurationAsCodeRefusesALaxerHostAndLosesNothing() throws Exception {
        configure(YAML);
        assertThatThrownBy(() ->
                        configure("unclassified: {sshExec: {hosts: [{name: web3, hostKeyVerification: acceptNew}]}}"))
                .hasStackTraceContaining("Host \"web3\": The host key verification is laxer");
        SshExecConfiguration configuration = SshExecConfiguration.get();
        assertThat(configuration.getHosts()).map(NamedHost::getName).containsExactly("web1", "web2");
        SshExecConfiguration loaded = new SshExecConfiguration();
        loaded.load();
        assertThat(loaded.getHosts()).map(NamedHost::getName).containsExactly("web1", "web2");
    }

    @Test
    void configurationAsCodeRefusesMoreSessionsKeptReadyThanTheHostMayHave() throws Exception {
        configure(YAML);
        assertThatThrownBy(() -> configure(
                        "unclassified: {sshExec: {hosts: [{name: web3, sessionsPerHost: 2, minIdleSessions: 3}]}}"))
                .hasStackTraceContaining("Host \"web3\": Type a number of sessions to keep ready from 1 to 2,");
        assertThat(SshExecConfiguration.get().getHosts())
                .map(NamedHost::getName)
                .containsExactly("web1", "web2");
    }

    @Test
    void settingsSurviveARestart() throws Exception {
        configure(YAML);
        SshExecConfiguration loaded = new SshExecConfiguration();
        loaded.load();
        assertThat(loaded.getSessionsPerHost()).isEqualTo(5);
        assertThat(((KnownHostsFileVerification) loaded.getHostKeyVerification()).getFile())
                .isEqualTo("/etc/ssh/known");
        jenkins.assertEqualDataBoundBeans(expectedHost(), loaded.getHosts().get(0));
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
