package io.jenkins.plugins.sshexec;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ManagementLink;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.lang.reflect.Method;
import java.net.URL;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Calls every web method of every descriptor of the plugin, found by reflection so that none can be forgotten, as somebody
 * who may not know the answer.
 */
@WithJenkins
class WebMethodsJenkinsTest {

    /** Values that make each check complain, were it to answer. */
    private static final String BAD_INPUT =
            "value=&host=bad+host&credentialsId=web&returnStdout=true&returnStatus=true";

    private static final String PLUGIN = "io.jenkins.plugins.sshexec.";

    private JenkinsRule jenkins;
    /** By user; logging in takes longer than all else here. */
    private final Map<String, JenkinsRule.WebClient> browsers = new HashMap<>();

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        rule.createFreeStyleProject("job");
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader")
                .grant(Jenkins.READ, Item.READ, Item.CONFIGURE)
                .everywhere()
                .to("configurer")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        SshJenkins.add(
                SshJenkins.system(),
                new UsernamePasswordCredentialsImpl(
                        CredentialsScope.GLOBAL, "web", "secret name", "deploy", "pass-word"));
    }

    @Test
    void thereAreWebMethodsToTest() {
        assertThat(webMethods()).hasSizeGreaterThan(15);
    }

    @Test
    void noneAnswersToGet() throws Exception {
        for (WebMethod method : webMethods()) {
            assertThat(call(method, HttpMethod.GET, "admin").getWebResponse().getStatusCode())
                    .as("GET %s", method)
                    .isIn(404, 405);
        }
    }

    @Test
    void readersLearnNothing() throws Exception {
        for (WebMethod method : webMethods()) {
            for (String user : List.of("anonymous", "reader")) {
                Page page = call(method, HttpMethod.POST, user);
                String body = page.getWebResponse().getContentAsString();
                if (page.getWebResponse().getStatusCode() == 200) {
                    assertThat(body)
                            .as("%s as %s", method, user)
                            .doesNotContain("error", "warning", "deploy", "secret name");
                } else {
                    assertThat(page.getWebResponse().getStatusCode())
                            .as("%s as %s", method, user)
                            .isIn(403, 404);
                }
            }
        }
    }

    /** Pages of the plugin that are no descriptors: what is done there is for administrators, by POST. */
    @Test
    void pagesAreForAdministratorsAlone() throws Exception {
        for (ManagementLink link : ExtensionList.lookup(ManagementLink.class)) {
            if (!link.getClass().getName().startsWith(PLUGIN)) {
                continue;
            }
            for (String method : webMethodNames(link.getClass()).toList()) {
                URL url = new URL(jenkins.getURL(), "manage/" + link.getUrlName() + "/" + method);
                for (String user : List.of("anonymous", "reader", "configurer")) {
                    for (HttpMethod verb : List.of(HttpMethod.GET, HttpMethod.POST)) {
                        assertThat(status(url, verb, user))
                                .as("%s %s as %s", verb, url, user)
                                .isIn(403, 404, 405);
                    }
                }
            }
        }
    }

    @Test
    void withoutACrumbNoneAnswers() throws Exception {
        for (WebMethod method : webMethods()) {
            WebRequest request =
                    new WebRequest(new URL(jenkins.getURL(), method.url() + "?" + BAD_INPUT), HttpMethod.POST);
            assertThat(browser("admin").getPage(request).getWebResponse().getStatusCode())
                    .as("%s", method)
                    .isEqualTo(403);
        }
    }

    @Test
    void connectionsAreTestedForWhoMayUseTheCredentialsAlone() throws Exception {
        List<WebMethod> tests = webMethods().stream()
                .filter(method -> method.name().equals("testConnection"))
                .toList();
        assertThat(tests).hasSizeGreaterThan(1);
        for (WebMethod method : tests) {
            for (String user : List.of("anonymous", "reader")) {
                assertThat(call(method, HttpMethod.POST, user).getWebResponse().getStatusCode())
                        .as("%s as %s", method, user)
                        .isEqualTo(403);
            }
            assertThat(call(method, HttpMethod.POST, "configurer")
                            .getWebResponse()
                            .getContentAsString())
                    .contains("error", "Type [user@]host[:port]");
        }
    }

    @Test
    void onlyWhoConfiguresTheJobIsOfferedItsCredentials() throws Exception {
        for (WebMethod method : webMethods()) {
            if (method.name().equals("fillCredentialsIdItems")) {
                assertThat(call(method, HttpMethod.POST, "configurer")
                                .getWebResponse()
                                .getContentAsString())
                        .contains("secret name");
            }
        }
    }

    @Test
    void globalSettingsAreCheckedForAdministratorsAlone() throws Exception {
        for (WebMethod method : webMethods()) {
            if (method.descriptor().getClass().getPackageName().endsWith(".config")) {
                assertThat(call(method, HttpMethod.POST, "configurer")
                                .getWebResponse()
                                .getStatusCode())
                        .as("%s", method)
                        .isEqualTo(403);
                assertThat(call(method, HttpMethod.POST, "admin")
                                .getWebResponse()
                                .getContentAsString())
                        .as("%s", method)
                        .contains("error");
            }
        }
    }

    private record WebMethod(Descriptor<?> descriptor, String name) {
        /** Below the job, where forms of jobs call it. */
        String url() {
            return "job/job/" + descriptor.getDescriptorUrl() + "/" + name;
        }

        @Override
        public String toString() {
            return descriptor.getClass().getName() + "." + name;
        }
    }

    @SuppressWarnings("rawtypes")
    private static List<WebMethod> webMethods() {
        return ExtensionList.lookup(Descriptor.class).stream()
                .filter(descriptor -> descriptor.getClass().getName().startsWith(PLUGIN))
                .flatMap(descriptor -> webMethods(descriptor))
                .toList();
    }

    private static Stream<WebMethod> webMethods(Descriptor<?> descriptor) {
        return webMethodNames(descriptor.getClass()).map(name -> new WebMethod(descriptor, name));
    }

    private static Stream<String> webMethodNames(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass().getName().startsWith(PLUGIN))
                .map(Method::getName)
                .filter(name -> name.startsWith("do"))
                .map(name -> name.substring(2, 3).toLowerCase(Locale.ROOT) + name.substring(3));
    }

    private int status(URL url, HttpMethod verb, String user) throws Exception {
        JenkinsRule.WebClient browser = browsers.computeIfAbsent(user, this::browser);
        WebRequest request = new WebRequest(url, verb);
        if (verb == HttpMethod.POST) {
            browser.addCrumb(request);
        }
        return browser.getPage(request).getWebResponse().getStatusCode();
    }

    private Page call(WebMethod method, HttpMethod verb, String user) throws Exception {
        JenkinsRule.WebClient browser = browsers.computeIfAbsent(user, this::browser);
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), method.url() + "?" + BAD_INPUT), verb);
        if (verb == HttpMethod.POST) {
            browser.addCrumb(request);
        }
        return browser.getPage(request);
    }

    private JenkinsRule.WebClient browser(String user) {
        JenkinsRule.WebClient browser = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        // The answer itself, not the login page that it leads to.
        browser.setRefreshHandler((page, url, seconds) -> {});
        try {
            return user.equals("anonymous") ? browser.withJavaScriptEnabled(false) : browser.login(user);
        } catch (Exception e) {
            throw new AssertionError(user + " cannot log in", e);
        }
    }
}
