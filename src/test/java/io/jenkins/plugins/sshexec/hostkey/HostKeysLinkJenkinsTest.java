package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** From a refused build over the administrator's page to a build that runs, and who may do what there. */
@WithJenkins
class HostKeysLinkJenkinsTest {

    private static final String PAGE = "manage/ssh-host-keys/";

    private JenkinsRule jenkins;
    private OpenSshServer server;
    private WorkflowJob job;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("user")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ, Jenkins.MANAGE, Item.READ)
                .everywhere()
                .to("manager")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        server = SshJenkins.startServer();
        SshExecConfiguration.get().setHostKeyVerification(new ApprovedKeysVerification());
        job = pipeline(rule, "sshExec host: '" + host(server) + "', command: 'echo hello'");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void refusedBuildNamesThePageOnWhichItsKeyIsApprovedAndTheNextBuildRuns() throws Exception {
        WorkflowRun refused = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains(
                "waits for an administrator, who compares it with the host's own and approves or rejects it under"
                        + " Manage Jenkins, SSH host keys (" + jenkins.getURL() + PAGE + ")",
                refused);
        jenkins.assertLogContains(server.hostKey().fingerprint(), refused);
        HtmlPage page = pageAs("admin");
        assertThat(page.asNormalizedText())
                .contains(name(), server.hostKey().fingerprint(), "first seen by " + job.getFullName());
        HtmlPage after = jenkins.submit(forms(page, "approve").get(0));
        assertThat(after.getUrl()).hasPath("/jenkins/" + PAGE);
        assertThat(after.asNormalizedText()).contains("No key is waiting", "approved by admin");
        jenkins.assertLogContains("hello", jenkins.buildAndAssertSuccess(job));
    }

    @Test
    void changedKeyIsRefusedUntilItReplacesTheOldOne() throws Exception {
        HostKey old = TestKey.generate(Type.ED25519).toHostKey();
        write(KnownHostsLine.format(name(), old));
        WorkflowRun refused = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("THE HOST KEY OF " + host(server) + " HAS CHANGED", refused);
        jenkins.assertLogContains(old.fingerprint(), refused);
        jenkins.assertLogContains(server.hostKey().fingerprint(), refused);
        HtmlPage page = pageAs("admin");
        assertThat(page.asNormalizedText()).contains("In force now: " + old.fingerprint(), "Replace the old key");
        HtmlPage after = jenkins.submit(forms(page, "approve").get(0));
        assertThat(after.asNormalizedText()).contains("replaced by admin");
        jenkins.buildAndAssertSuccess(job);
        assertThat(HostKeyRegister.get().find(name(), old).orElseThrow().state())
                .isEqualTo(RegisteredKey.State.REPLACED);
    }

    /** Also where a session is open that was made with the key. */
    @Test
    void rejectedKeyEndsTheUseOfItsSessions() throws Exception {
        write(KnownHostsLine.format(name(), server.hostKey()));
        jenkins.buildAndAssertSuccess(job);
        HtmlPage after = jenkins.submit(forms(pageAs("admin"), "reject").get(0));
        assertThat(after.asNormalizedText()).contains("rejected by admin");
        WorkflowRun refused = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("admin rejected it at", refused);
        assertThat(server.commands()).isEqualTo(1);
        jenkins.submit(forms(pageAs("admin"), "approve").get(0));
        jenkins.buildAndAssertSuccess(job);
    }

    @Test
    void decisionOnAnOldPageIsRefusedInAFewWords() throws Exception {
        jenkins.buildAndAssertStatus(Result.FAILURE, job);
        HtmlPage page = pageAs("admin");
        HostKey another = TestKey.generate(Type.ED25519).toHostKey();
        Files.writeString(
                HostKeyRegister.get().file(), KnownHostsLine.format(name(), another) + "\n", StandardOpenOption.APPEND);
        HtmlForm form = forms(page, "approve").get(0);
        try (JenkinsRule.WebClient browser = (JenkinsRule.WebClient) page.getWebClient()) {
            browser.setThrowExceptionOnFailingStatusCode(false);
            HtmlPage after = form.getElementsByTagName("button").get(0).click();
            assertThat(after.asNormalizedText())
                    .contains("have changed meanwhile")
                    .doesNotContain("Exception");
        }
        jenkins.buildAndAssertStatus(Result.FAILURE, job);
    }

    @Test
    void whoMayOnlyReadTheSystemSeesTheKeysButDecidesNothingAndLearnsNoJob() throws Exception {
        jenkins.buildAndAssertStatus(Result.FAILURE, job);
        HtmlPage page = pageAs("auditor");
        assertThat(page.asNormalizedText())
                .contains(name(), server.hostKey().fingerprint())
                .doesNotContain(job.getFullName());
        assertThat(forms(page, "approve")).isEmpty();
        assertThat(forms(page, "reject")).isEmpty();
        assertThat(pageAs("manager").asNormalizedText()).contains("first seen by " + job.getFullName());
    }

    @Test
    void onlyAdministratorsDecide() throws Exception {
        jenkins.buildAndAssertStatus(Result.FAILURE, job);
        String before = Files.readString(HostKeyRegister.get().file());
        for (String action : List.of("approve", "reject")) {
            for (String user : List.of("user", "auditor", "manager")) {
                assertThat(status(user, HttpMethod.POST, PAGE + action + decision()))
                        .as("%s %s", action, user)
                        .isEqualTo(403);
            }
            assertThat(status("admin", HttpMethod.GET, PAGE + action + decision()))
                    .as(action)
                    .isIn(404, 405);
        }
        assertThat(HostKeyRegister.get().file()).content().isEqualTo(before);
        assertThat(status("user", HttpMethod.GET, PAGE)).isEqualTo(403);
        assertThat(status("auditor", HttpMethod.GET, PAGE)).isEqualTo(200);
    }

    /** Host names, users and comments come from outside. */
    @Test
    void whatComesFromOutsideIsShownAsText() throws Exception {
        String evil = "<script>alert(1)</script>";
        String key = KnownHostsLine.format(evil, server.hostKey());
        write(key + " seen@2026-11-24T21:00:00Z@" + URLEncoder.encode(evil, StandardCharsets.UTF_8), "<b>broken</b>");
        HtmlPage page = pageAs("admin");
        assertThat(page.asNormalizedText()).contains(evil, "first seen by " + evil);
        assertThat(page.getWebResponse().getContentAsString()).doesNotContain(evil);
    }

    @Test
    void damagedLineIsNamedOnThePage() throws Exception {
        write("# keys", "web1 ssh-ed25519 AAAA");
        assertThat(pageAs("admin").asNormalizedText())
                .contains(HostKeyRegister.get().file() + ":2");
    }

    /** As with Content Security Policy in force, where scripts and styles inside of a page do nothing. */
    @Test
    void pageHasNoInlineScriptOrStyle() throws Exception {
        jenkins.buildAndAssertStatus(Result.FAILURE, job);
        HtmlPage page = pageAs("admin");
        assertThat(page.<org.htmlunit.html.DomElement>getByXPath("//div[@id='main-panel']//script[not(@src)]"
                        + "|//div[@id='main-panel']//*[@onclick or @style or @onsubmit]"))
                .isEmpty();
    }

    @Test
    void linkShowsHowManyKeysWait() throws Exception {
        HostKeysLink link = ExtensionList.lookupSingleton(HostKeysLink.class);
        assertThat(link.getBadge()).isNull();
        jenkins.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(link.getBadge().getText()).isEqualTo("1");
    }

    private String name() {
        return server.endpoint().knownHostsName();
    }

    private String decision() {
        return "?hostname=" + URLEncoder.encode(name(), StandardCharsets.UTF_8) + "&fingerprint="
                + URLEncoder.encode(server.hostKey().fingerprint(), StandardCharsets.UTF_8);
    }

    private static void write(String... lines) throws IOException {
        Path file = HostKeyRegister.get().file();
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
    }

    private HtmlPage pageAs(String user) throws Exception {
        return jenkins.createWebClient().login(user).goTo(PAGE);
    }

    private static List<HtmlForm> forms(HtmlPage page, String action) {
        return page.getForms().stream()
                .filter(form -> form.getActionAttribute().equals(action))
                .toList();
    }

    private int status(String user, HttpMethod verb, String path) throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
            browser.login(user);
            WebRequest request = new WebRequest(new URL(jenkins.getURL(), path), verb);
            if (verb == HttpMethod.POST) {
                browser.addCrumb(request);
            }
            return browser.getPage(request).getWebResponse().getStatusCode();
        }
    }
}
