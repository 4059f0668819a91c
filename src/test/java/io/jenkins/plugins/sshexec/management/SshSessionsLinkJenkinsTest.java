package io.jenkins.plugins.sshexec.management;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.cli.CLICommandInvoker;
import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.verb.POST;

/** The page of the pool, its API and its command, on a real Jenkins with a real server. */
@WithJenkins
class SshSessionsLinkJenkinsTest {

    /** The page looks for changes every few seconds, and HtmlUnit is slow. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String PAGE = "manage/ssh-sessions/";

    private JenkinsRule jenkins;
    private OpenSshServer server;
    private Path go;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = SshJenkins.startServer();
        go = server.directory().resolve("go");
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("viewer")
                .grant(Jenkins.READ, Jenkins.MANAGE, Item.READ)
                .everywhere()
                .to("manager"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** A build whose command runs until the file {@link #go} is there. */
    private WorkflowRun startCommand() throws Exception {
        WorkflowRun run = pipeline(
                        jenkins,
                        "sshExec host: '" + host(server) + "', command: 'until [ -e " + go + " ]; do sleep 0.05; done'")
                .scheduleBuild2(0)
                .waitForStart();
        await().until(() -> server.commands() > 0);
        return run;
    }

    private void finish(WorkflowRun run) throws Exception {
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    private JenkinsRule.WebClient browser(String user) throws Exception {
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .login(user);
    }

    private PoolSnapshot snapshot() {
        return SshPoolService.get().pool().snapshot();
    }

    private static String live(HtmlPage page) {
        return page.getElementById("ssh-sessions-live").asNormalizedText();
    }

    @Test
    void aHostThatCannotBeReachedIsShownWithTheReason() throws Exception {
        SshJenkins.add(SshJenkins.system(), SshJenkins.key("anywhere", "deploy", server.userKey()));
        jenkins.buildAndAssertStatus(
                Result.FAILURE,
                pipeline(
                        jenkins,
                        "retry(6) { sshExec host: '127.0.0.1:1', credentialsId: 'anywhere', command: 'true' }"));

        HtmlPage page = browser("viewer").goTo(PAGE);

        assertThat(live(page)).contains("Hosts that could not be reached", "127.0.0.1:1", "Connection refused");
        JSONObject outage = JSONObject.fromObject(browser("viewer")
                        .goTo(PAGE + "api/json", "application/json")
                        .getWebResponse()
                        .getContentAsString())
                .getJSONArray("outages")
                .getJSONObject(0);
        assertThat(outage.getInt("failures")).isEqualTo(5);
        assertThat(new CLICommandInvoker(jenkins, "ssh-sessions")
                        .asUser("viewer")
                        .invoke()
                        .stdout())
                .contains("LAST FAILURE", "Connection refused");
    }

    @Test
    void thePageShowsWhoUsesWhichSession() throws Exception {
        WorkflowRun run = startCommand();
        await().until(() -> !snapshot().sessions().isEmpty());

        HtmlPage page = browser("manager").goTo(PAGE);

        assertThat(live(page))
                .contains(
                        host(server),
                        "in use",
                        OpenSshServer.user() + "@" + host(server),
                        server.hostKey().fingerprint(),
                        "SSH-2.0-OpenSSH",
                        run.getFullDisplayName());
        assertThat(page.getElementById("ssh-sessions-status").getTextContent())
                .isEqualTo("1 session open: 1 in use, 0 idle. 0 commands waiting.");
        assertThat(page.getAnchorByText(run.getFullDisplayName()).getHrefAttribute())
                .endsWith("/" + run.getUrl());
        finish(run);
    }

    @Test
    void thePageFollowsThePoolWithoutAReload() throws Exception {
        WorkflowRun run = startCommand();
        HtmlPage page = browser("manager").goTo(PAGE);
        assertThat(live(page)).contains("in use");

        finish(run);

        // HtmlUnit runs a page's scripts for the thread that opened it.
        await().atMost(LIMIT).pollInSameThread().untilAsserted(() -> {
            page.getWebClient().waitForBackgroundJavaScript(1_000);
            assertThat(page.getElementById("ssh-sessions-status").getTextContent())
                    .isEqualTo("1 session open: 0 in use, 1 idle. 0 commands waiting.");
        });
        assertThat(live(page)).contains("idle for");
    }

    @Test
    void buttonsActAndThePageStaysWhereItIs() throws Exception {
        jenkins.buildAndAssertSuccess(pipeline(jenkins, "sshExec host: '" + host(server) + "', command: 'true'"));
        long id = snapshot().sessions().get(0).id();
        HtmlPage page = browser("manager").goTo(PAGE);

        click(page, "ssh-sessions-hold-" + host(server));
        await().until(() -> snapshot().hosts().get(0).paused());
        awaitLive(page, "paused");
        click(page, "ssh-sessions-hold-" + host(server));
        await().until(() -> !snapshot().hosts().get(0).paused());
        click(page, "ssh-sessions-evict-" + id);
        await().until(() -> snapshot().sessions().isEmpty());
        awaitLive(page, "No sessions.");

        assertThat(page.getWebClient().getCurrentWindow().getEnclosedPage()).isSameAs(page);
    }

    @Test
    void aHostIsPausedByItsName() throws Exception {
        HtmlPage page = browser("manager").goTo(PAGE);
        HtmlInput host = page.getHtmlElementById("ssh-sessions-pause-host");
        host.setValue("web1");

        ((DomElement) page.getFirstByXPath("//form[.//input[@id='ssh-sessions-pause-host']]//button")).click();

        awaitLive(page, "web1");
        assertThat(snapshot().hosts()).singleElement().satisfies(row -> assertThat(row.paused())
                .isTrue());
        assertThat(host.getValue()).isEmpty();
    }

    private static void click(HtmlPage page, String id) throws IOException {
        // HtmlUnit runs a page's scripts for the thread that opened it.
        await().atMost(LIMIT).pollInSameThread().untilAsserted(() -> {
            page.getWebClient().waitForBackgroundJavaScript(500);
            assertThat(page.getElementById(id)).as(id).isNotNull();
        });
        page.getElementById(id).click();
    }

    private static void awaitLive(HtmlPage page, String text) {
        // HtmlUnit runs a page's scripts for the thread that opened it.
        await().atMost(LIMIT).pollInSameThread().untilAsserted(() -> {
            page.getWebClient().waitForBackgroundJavaScript(500);
            assertThat(live(page)).contains(text);
        });
    }

    @Test
    void viewersSeeThePageButNoButtonsAndNoBuildsOfOthers() throws Exception {
        WorkflowRun run = startCommand();
        await().until(() -> !snapshot().sessions().isEmpty());
        JenkinsRule.WebClient browser = browser("viewer");

        HtmlPage page = browser.goTo(PAGE);
        String json = browser.goTo(PAGE + "api/json", "application/json")
                .getWebResponse()
                .getContentAsString();

        assertThat(live(page)).contains(host(server), "a build that you may not see");
        assertThat(page.getWebResponse().getContentAsString())
                .doesNotContain(run.getParent().getName());
        assertThat(json).contains(host(server)).doesNotContain(run.getParent().getName());
        assertThat(page.getByXPath("//form[contains(@class, 'ssh-sessions-action')]"))
                .isEmpty();
        finish(run);
    }

    @Test
    void readersSeeNothing() throws Exception {
        JenkinsRule.WebClient browser = browser("reader");
        for (String url : List.of("", "ajaxLive", "api/json", "api/xml")) {
            assertThat(status(browser, HttpMethod.GET, url)).as(url).isEqualTo(403);
        }
    }

    @Test
    void onlyManagersActAndOnlyByPost() throws Exception {
        List<String> actions = Arrays.stream(SshSessionsLink.class.getMethods())
                .filter(method -> method.getName().startsWith("do"))
                .peek(method -> assertThat(method.isAnnotationPresent(POST.class))
                        .as("%s", method)
                        .isTrue())
                .map(Method::getName)
                .map(name -> Character.toLowerCase(name.charAt(2)) + name.substring(3) + "?session=1&host=web1")
                .toList();
        assertThat(actions).hasSize(5);
        for (String user : List.of("reader", "viewer")) {
            JenkinsRule.WebClient browser = browser(user);
            for (String action : actions) {
                assertThat(status(browser, HttpMethod.POST, action))
                        .as(user + " " + action)
                        .isEqualTo(403);
            }
        }
        JenkinsRule.WebClient manager = browser("manager");
        for (String action : actions) {
            assertThat(status(manager, HttpMethod.GET, action))
                    .as("GET " + action)
                    .isIn(404, 405);
            assertThat(status(manager, HttpMethod.POST, action))
                    .as("POST " + action)
                    .isEqualTo(200);
        }
    }

    private int status(JenkinsRule.WebClient browser, HttpMethod method, String url) throws IOException {
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), PAGE + url), method);
        if (method == HttpMethod.POST) {
            browser.addCrumb(request);
        }
        Page page = browser.getPage(request);
        return page.getWebResponse().getStatusCode();
    }

    @Test
    void theApiTellsAllThatThePageShows() throws Exception {
        WorkflowRun run = startCommand();
        await().until(() -> !snapshot().sessions().isEmpty());

        JSONObject json = browser("manager").getJSON(PAGE + "api/json").getJSONObject();

        JSONObject host = json.getJSONArray("hosts").getJSONObject(0);
        assertThat(host.keySet()).contains("host", "open", "inUse", "idle", "leases", "waiting", "line", "paused");
        assertThat(host.getString("host")).isEqualTo(host(server));
        assertThat(host.getInt("inUse")).isOne();
        JSONObject session = json.getJSONArray("sessions").getJSONObject(0);
        assertThat(session.getString("hostKeyFingerprint"))
                .isEqualTo(server.hostKey().fingerprint());
        assertThat(session.getJSONArray("holders").getJSONObject(0).getString("build"))
                .isEqualTo(run.getFullDisplayName());
        assertThat(json.getInt("opened")).isOne();
        assertThat(json.getJSONObject("closed").isEmpty()).isTrue();
        finish(run);
    }

    @Test
    void theCommandListsSessionsToThoseWhoMaySeeThem() throws Exception {
        WorkflowRun run = startCommand();
        await().until(() -> !snapshot().sessions().isEmpty());

        CLICommandInvoker.Result seen =
                new CLICommandInvoker(jenkins, "ssh-sessions").asUser("manager").invoke();
        CLICommandInvoker.Result refused =
                new CLICommandInvoker(jenkins, "ssh-sessions").asUser("reader").invoke();

        assertThat(seen.returnCode()).isZero();
        assertThat(seen.stdout()).contains("1 session open: 1 in use", host(server), run.getFullDisplayName());
        assertThat(refused.returnCode()).isNotZero();
        assertThat(refused.stdout()).doesNotContain(host(server));
        finish(run);
    }

    @Test
    void aPausedHostHoldsCommandsBackAndTheirLogsSayWhy() throws Exception {
        SshPoolService.get().operations().pause(server.endpoint());
        WorkflowRun run = pipeline(jenkins, "sshExec host: '" + host(server) + "', command: 'echo hello'")
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("An administrator has paused the sessions to " + host(server), run);
        assertThat(server.logins()).isZero();

        SshPoolService.get().operations().resume(server.endpoint());

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("hello", run);
    }

    /** As a strict Content-Security-Policy has it. */
    @Test
    void thePageHasNoInlineScripts() throws Exception {
        HtmlPage page = browser("manager").goTo(PAGE);

        assertThat(page.getByXPath("//div[@id='main-panel']//script[not(@src)]"))
                .isEmpty();
        assertThat(page.getByXPath("//div[@id='main-panel']//*[@*[starts-with(name(), 'on')]]"))
                .isEmpty();
        assertThat(page.getByXPath("//div[@id='main-panel']//*[@style]")).isEmpty();
    }

    @Test
    void thePageIsLinkedFromManageJenkins() throws Exception {
        HtmlPage page = browser("viewer").goTo("manage");

        assertThat(page.getByXPath("//a[@href='ssh-sessions']")).hasSize(1);
    }
}
