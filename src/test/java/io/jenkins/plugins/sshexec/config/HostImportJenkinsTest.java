package io.jenkins.plugins.sshexec.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.hosts.NamedHost;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTextArea;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The page that imports hosts, and who may not use it. */
@WithJenkins
class HostImportJenkinsTest {

    private static final String TEXT = "Host web1 web2\n  User deploy\nHost <b>bold</b>\nMatch all\n";

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Jenkins.MANAGE, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("manager"));
    }

    private static String path() {
        return SshExecConfiguration.get().getDescriptorUrl() + "/hostImport/";
    }

    @Test
    void addsWhatIsNewAndTellsTheRest() throws Exception {
        SshExecConfiguration.get().setHosts(List.of(new NamedHost("WEB2")));
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login("admin")) {
            HtmlPage page = browser.goTo("manage/configure");
            HtmlPage form =
                    page.getAnchorByText("Import hosts from an ssh_config file").click();
            HtmlForm typed = form.getFormByName("import");
            ((HtmlTextArea) typed.getOneHtmlElementByAttribute("textarea", "name", "text")).setText(TEXT);
            HtmlPage answer = jenkins.submit(typed);
            assertThat(answer.asNormalizedText())
                    .contains("Added", "web1")
                    .contains("There is a host \"web2\" already")
                    .contains("Line 3: not imported. The name \"<b>bold</b>\"")
                    .contains("Line 4: what stands under Match");
        }
        assertThat(SshExecConfiguration.get().getHosts())
                .map(NamedHost::getName)
                .containsExactly("WEB2", "web1");
    }

    @Test
    void isForAdministratorsAloneAndByPostAlone() throws Exception {
        for (String user : List.of("manager", "admin")) {
            try (JenkinsRule.WebClient browser = jenkins.createWebClient()
                    .withThrowExceptionOnFailingStatusCode(false)
                    .login(user)) {
                URL submit = new URL(jenkins.getURL(), path() + "submit?text=Host+web9");
                assertThat(browser.getPage(submit).getWebResponse().getStatusCode())
                        .as("GET as %s", user)
                        .isIn(403, 404, 405);
                if (!user.equals("admin")) {
                    assertThat(browser.goTo(path()).getWebResponse().getStatusCode())
                            .isEqualTo(403);
                    WebRequest post = new WebRequest(submit, HttpMethod.POST);
                    browser.addCrumb(post);
                    assertThat(browser.getPage(post).getWebResponse().getStatusCode())
                            .isEqualTo(403);
                }
            }
        }
        assertThat(SshExecConfiguration.get().getHosts()).isEmpty();
    }
}
