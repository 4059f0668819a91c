package io.jenkins.plugins.sshexec;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.security.Permission;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.freestyle.SshExecBuilder;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.step.SshExecStep;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * What other SSH plugins have had security advisories for, tried here; each test has the number of its advisory. Those that
 * need no Jenkins are in {@code AdvisoriesTest}.
 */
@WithJenkins
class AdvisoriesJenkinsTest {

    private static final String PASSWORD = EmbeddedSshServer.PASSWORD;

    private JenkinsRule jenkins;

    /** The attacker's own machine, which would tell him what password it was offered. */
    private EmbeddedSshServer attacker;

    private FreeStyleProject theirs;
    private FreeStyleProject his;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        attacker = EmbeddedSshServer.start();
        SshExecConfiguration.get().setHostKeyVerification(new NoVerification());
        Folder team = rule.createProject(Folder.class, "team");
        theirs = team.createProject(FreeStyleProject.class, "theirs");
        his = rule.createFreeStyleProject("his");
        SshJenkins.add(SshJenkins.folderStore(team), login("team-login", "name of team-login"));
        SshJenkins.system()
                .addDomain(
                        new Domain("web", "", List.of(new HostnameSpecification("*.example.org", ""))),
                        login("web-login", "name of web-login"));
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader", "attacker")
                .grant(Item.CONFIGURE, Item.BUILD)
                .onItems(his)
                .to("attacker")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
    }

    @AfterEach
    void stop() throws Exception {
        attacker.close();
    }

    private static UsernamePasswordCredentialsImpl login(String id, String description) throws Exception {
        return new UsernamePasswordCredentialsImpl(
                CredentialsScope.GLOBAL, id, description, EmbeddedSshServer.USER, PASSWORD);
    }

    /** publish-over-ssh: stored XSS by the name of a server. */
    @Test
    void security2287ANameOfAHostIsNoScript() throws Exception {
        String script = "\"'><script>alert(1)</script>";
        SshExecBuilder builder = new SshExecBuilder(script, script);
        builder.setCredentialsId(script);
        his.getBuildersList().add(builder);
        FreeStyleBuild build = jenkins.buildAndAssertStatus(Result.FAILURE, his);
        for (String page : List.of("configure", build.getNumber() + "/console", build.getNumber() + "/")) {
            assertThat(get("admin", "job/his/" + page).getContentAsString()).doesNotContain("<script>alert(1)");
        }
        assertThat(post("attacker", his, SshExecBuilder.class, "checkHost", "value=" + encode(script))
                        .getContentAsString())
                .contains("error")
                .doesNotContain("<script>");
    }

    /** publish-over-ssh: the connection test needed neither POST nor permission. */
    @Test
    void security2290TheConnectionTestNeedsAPostAndThePermission() throws Exception {
        String query = "host=" + attacker.endpoint() + "&credentialsId=team-login";
        for (Class<?> form : List.of(SshExecStep.class, SshExecBuilder.class)) {
            assertThat(get("admin", url(theirs, form, "testConnection") + "?" + query)
                            .getStatusCode())
                    .isIn(404, 405);
            assertThat(postWithoutCrumb("admin", theirs, form, "testConnection", query)
                            .getStatusCode())
                    .isEqualTo(403);
            assertThat(post("reader", theirs, form, "testConnection", query).getStatusCode())
                    .isEqualTo(403);
        }
        assertThat(attacker.connections()).isZero();
        assertThat(post("admin", theirs, SshExecBuilder.class, "testConnection", query)
                        .getContentAsString())
                .contains("Logged in to");
    }

    /** publish-over-ssh: a form check told whether a file exists on the controller. */
    @Test
    void security2307FilesAreLookedForForAdministratorsAlone() throws Exception {
        for (String file : List.of("/etc/passwd", "/no/such/file", "../../secrets/master.key")) {
            for (String user : List.of("reader", "attacker")) {
                WebResponse answer =
                        post(user, his, KnownHostsFileVerification.class, "checkFile", "value=" + encode(file));
                assertThat(answer.getStatusCode()).as("%s %s", user, file).isEqualTo(403);
            }
        }
    }

    /** publish-over-ssh: passwords in plain text in the configuration. */
    @Test
    void security2291NoFileHasAPassword() throws Exception {
        SshExecConfiguration.get().save();
        theirs.save();
        Jenkins.get().save();
        assertNoFileHasThePassword();
    }

    /** The SSH plugin, advisory of 2017-07-10: credentials were kept unencrypted. */
    @Test
    void jenkins21436ConfigurationsHaveIdsAlone() throws Exception {
        SshExecBuilder builder = new SshExecBuilder(attacker.endpoint().toString(), "true");
        builder.setCredentialsId("team-login");
        theirs.getBuildersList().add(builder);
        jenkins.buildAndAssertStatus(Result.FAILURE, theirs); // no such command on the embedded server
        assertThat(attacker.logins()).isEqualTo(1);
        assertThat(theirs.getConfigFile().asString()).contains("<credentialsId>team-login</credentialsId>");
        assertNoFileHasThePassword();
    }

    private void assertNoFileHasThePassword() throws Exception {
        String bytes = new String(PASSWORD.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Stream<Path> files = Files.walk(Jenkins.get().getRootDir().toPath())) {
            assertThat(files.filter(Files::isRegularFile))
                    .anyMatch(file -> file.endsWith("credentials.xml"))
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)
                                    .contains(bytes))
                            .isFalse());
        }
    }

    /** The SSH plugin: its login check sent any credentials to any host for anybody. */
    @Test
    void security2093NobodyHasCredentialsSentToHisHost() throws Exception {
        for (Class<?> form : List.of(SshExecStep.class, SshExecBuilder.class)) {
            for (String id : List.of("team-login", "web-login", "")) {
                String query = "host=" + attacker.endpoint() + "&credentialsId=" + id;
                // On a job of his own: credentials of a folder that it is not in, or of a domain without his host.
                assertThat(post("attacker", his, form, "testConnection", query).getContentAsString())
                        .contains("error");
                assertThat(post("attacker", theirs, form, "testConnection", query)
                                .getStatusCode())
                        .isEqualTo(403);
                assertThat(post("reader", his, form, "testConnection", query).getStatusCode())
                        .isEqualTo(403);
            }
        }
        assertThat(attacker.passwordAttempts()).isZero();
    }

    /** The same by a build. */
    @Test
    void security2093NoBuildSendsThemEither() throws Exception {
        for (String id : List.of("team-login", "web-login")) {
            SshExecBuilder builder = new SshExecBuilder(attacker.endpoint().toString(), "true");
            builder.setCredentialsId(id);
            his.getBuildersList().replace(builder);
            jenkins.buildAndAssertStatus(Result.FAILURE, his);
        }
        assertThat(attacker.connections()).isZero();
    }

    /** The SSH plugin: ids of credentials for anybody. */
    @Test
    void security2315IdsAreListedForWhoConfiguresTheJobAlone() throws Exception {
        assertIdsAreHidden("reader");
        assertIdsAreHidden("anonymous");
    }

    /** ssh-agent: the same. */
    @Test
    void security2189IdsAreListedForThatJobAlone() throws Exception {
        assertIdsAreHidden("attacker");
        assertThat(post("admin", theirs, SshExecStep.class, "fillCredentialsIdItems", "host=web1.example.org")
                        .getContentAsString())
                .contains("team-login", "web-login");
    }

    private void assertIdsAreHidden(String user) throws Exception {
        for (Class<?> form : List.of(SshExecStep.class, SshExecBuilder.class)) {
            for (Item place : new Item[] {theirs, null}) {
                WebResponse answer = post(user, place, form, "fillCredentialsIdItems", "host=web1.example.org");
                assertThat(answer.getContentAsString())
                        .as("%s at %s", user, place)
                        .doesNotContain("team-login", "web-login");
            }
        }
    }

    /** ssh2easy: a permission that was switched off still counted. The plugin has none of its own to get wrong. */
    @Test
    void security3064ThereIsNoPermissionOfOurOwn() {
        assertThat(Permission.getAll())
                .extracting(permission -> permission.owner.getName())
                .noneMatch(owner -> owner.startsWith("io.jenkins.plugins.sshexec"));
    }

    /** scp: passwords in the global configuration. */
    @Test
    void security374TheGlobalConfigurationHoldsNoSecret() throws Exception {
        SshExecConfiguration.get().setSessionsPerHost(3);
        Path file = Jenkins.get().getRootDir().toPath().resolve(SshExecConfiguration.class.getName() + ".xml");
        assertThat(Files.readString(file)).contains("<sessionsPerHost>3<").doesNotContainIgnoringCase("password");
    }

    /** scp: settings could be changed by a link that an administrator follows. */
    @Test
    void security2323NoLinkChangesTheConfiguration() throws Exception {
        int before = SshExecConfiguration.get().getSessionsPerHost();
        String query = "sessionsPerHost=1";
        for (String url : List.of("manage/configSubmit", "configSubmit")) {
            assertThat(get("admin", url + "?" + query).getStatusCode()).isIn(403, 404, 405);
        }
        assertThat(SshExecConfiguration.get().getSessionsPerHost()).isEqualTo(before);
    }

    private String url(Item place, Class<?> form, String method) {
        return (place == null ? "" : place.getUrl())
                + Jenkins.get().getDescriptor(form.getName()).getDescriptorUrl() + "/" + method;
    }

    private WebResponse get(String user, String url) throws Exception {
        return browser(user)
                .getPage(new WebRequest(new URL(jenkins.getURL(), url), HttpMethod.GET))
                .getWebResponse();
    }

    private WebResponse post(String user, Item place, Class<?> form, String method, String query) throws Exception {
        JenkinsRule.WebClient browser = browser(user);
        WebRequest request = request(place, form, method, query);
        browser.addCrumb(request);
        return browser.getPage(request).getWebResponse();
    }

    private WebResponse postWithoutCrumb(String user, Item place, Class<?> form, String method, String query)
            throws Exception {
        return browser(user).getPage(request(place, form, method, query)).getWebResponse();
    }

    private WebRequest request(Item place, Class<?> form, String method, String query) throws Exception {
        return new WebRequest(new URL(jenkins.getURL(), url(place, form, method) + "?" + query), HttpMethod.POST);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private JenkinsRule.WebClient browser(String user) throws Exception {
        JenkinsRule.WebClient browser = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        browser.getOptions().setJavaScriptEnabled(false);
        return user.equals("anonymous") ? browser : browser.login(user);
    }
}
