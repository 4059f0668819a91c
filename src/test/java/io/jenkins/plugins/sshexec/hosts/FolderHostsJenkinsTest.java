package io.jenkins.plugins.sshexec.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.hostkey.AcceptNewVerification;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import java.util.List;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The hosts of folders, on real folders. */
@WithJenkins
class FolderHostsJenkinsTest {

    private JenkinsRule jenkins;
    private Folder outer;
    private Folder inner;
    private FreeStyleProject job;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        outer = rule.jenkins.createProject(Folder.class, "outer");
        inner = outer.createProject(Folder.class, "inner");
        job = inner.createProject(FreeStyleProject.class, "job");
    }

    @Test
    void theNearestFolderWinsAndTheSystemConfigurationComesLast() throws Exception {
        assertThat(address(job)).isEqualTo("web1");
        SshExecConfiguration.get().setHosts(List.of(host("192.0.2.1", null)));
        assertThat(address(job)).isEqualTo("192.0.2.1");
        outer.addProperty(new FolderHosts(List.of(host("192.0.2.2", null))));
        assertThat(address(job)).isEqualTo("192.0.2.2");
        inner.addProperty(new FolderHosts(List.of(host("192.0.2.3", null))));
        assertThat(address(job)).isEqualTo("192.0.2.3");
        assertThat(address(inner)).isEqualTo("192.0.2.3");
        assertThat(address(outer)).isEqualTo("192.0.2.2");
        assertThat(address(null)).isEqualTo("192.0.2.1");
    }

    @Test
    void formKeepsEverythingAndFileToo() throws Exception {
        SshExecConfiguration.get().setHostKeyVerification(new NoVerification());
        NamedHost host = host("192.0.2.1", new AcceptNewVerification());
        host.setPort(2222);
        host.setUser("deploy");
        host.setCredentialsId("web");
        host.setLegacyAlgorithms(true);
        host.setMinIdleSessions(1);
        host.setLabels("web production");
        outer.addProperty(new FolderHosts(List.of(host, new NamedHost("web2"))));
        jenkins.configRoundtrip(outer);
        assertHosts(host, hostsOf(outer));
        jenkins.jenkins.reload();
        assertHosts(host, hostsOf(jenkins.jenkins.getItemByFullName("outer", Folder.class)));
    }

    private void assertHosts(NamedHost expected, List<NamedHost> hosts) throws Exception {
        assertThat(hosts).hasSize(2);
        jenkins.assertEqualDataBoundBeans(expected, hosts.get(0));
        jenkins.assertEqualDataBoundBeans(new NamedHost("web2"), hosts.get(1));
    }

    @Test
    void aFolderWithoutHostsHasNoProperty() throws Exception {
        jenkins.configRoundtrip(outer);
        assertThat(outer.getProperties().get(FolderHosts.class)).isNull();
    }

    @Test
    void aFormWithABadNameIsAnsweredWithTheSentenceAndLosesNothing() throws Exception {
        outer.addProperty(new FolderHosts(List.of(host("192.0.2.1", null))));
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            browser.setThrowExceptionOnFailingStatusCode(false);
            HtmlForm form = browser.getPage(outer, "configure").getFormByName("config");
            form.getInputsByName("_.name").stream()
                    .filter(input -> input.getValue().equals("web1"))
                    .forEach(input -> input.setValue("web 1"));
            HtmlPage answer = jenkins.submit(form);
            assertThat(answer.asNormalizedText()).contains("The name \"web 1\" of a host must be a word");
        }
        assertThat(hostsOf(outer)).map(NamedHost::getName).containsExactly("web1");
    }

    @Test
    void aFolderIsNeverLaxerThanTheSystemConfiguration() throws Exception {
        for (HostKeyVerification own : List.of(new NoVerification(), new AcceptNewVerification())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new FolderHosts(List.of(host(null, own))))
                    .withMessageContaining("laxer");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FolderHosts(List.of(host(null, new KnownHostsFileVerification()))))
                .withMessageContaining("for the system configuration alone");
    }

    /** A file may be edited by hand, and what was allowed may be so no more. */
    @Test
    void whatIsNotAllowedAnyMoreIsNotUsed() throws Exception {
        SshExecConfiguration.get().setHostKeyVerification(new NoVerification());
        outer.addProperty(new FolderHosts(List.of(host(null, new AcceptNewVerification()))));
        assertThat(address(job)).isEqualTo("web1");
        SshExecConfiguration.get().setHostKeyVerification(new KnownHostsFileVerification());
        assertThatThrownBy(() -> address(job))
                .isInstanceOf(UnfitHostException.class)
                .hasMessageContaining("laxer");
    }

    private static String address(Item place) throws UnfitHostException {
        return HostResolver.get()
                .resolve(place, Destination.parse("web1"), null)
                .endpoint()
                .host();
    }

    private static List<NamedHost> hostsOf(Folder folder) {
        return folder.getProperties().get(FolderHosts.class).getHosts();
    }

    private static NamedHost host(String address, HostKeyVerification verification) {
        NamedHost host = new NamedHost("web1");
        host.setAddress(address);
        host.setHostKeyVerification(verification);
        return host;
    }
}
