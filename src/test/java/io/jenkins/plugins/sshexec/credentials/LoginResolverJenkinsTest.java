package io.jenkins.plugins.sshexec.credentials;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.add;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.key;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.system;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Which credentials a build gets, on the real credentials plugin. */
@WithJenkins
class LoginResolverJenkinsTest {

    private static final Destination WEB1 = Destination.parse("web1.example.org");

    private JenkinsRule jenkins;
    private FreeStyleBuild build;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        build = rule.buildAndAssertSuccess(rule.createFreeStyleProject());
    }

    private static UsernamePasswordCredentialsImpl password(String id, String user) throws Exception {
        return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, id, user, "pass-word");
    }

    private static void addForWeb1(UsernamePasswordCredentialsImpl credentials) throws Exception {
        system().addDomain(
                        new Domain(credentials.getId(), "", List.of(new HostnameSpecification("web1.*", ""))),
                        credentials);
    }

    private Login resolve(Destination destination, String id) throws UnusableCredentialsException {
        return LoginResolver.resolve(build, destination, id);
    }

    @Test
    void aPasswordBecomesAPasswordLogin() throws Exception {
        add(system(), password("web", "deploy"));
        assertThat(resolve(WEB1, "web")).isInstanceOfSatisfying(PasswordLogin.class, login -> {
            assertThat(login.user()).isEqualTo("deploy");
            assertThat(new String(login.password().copy(), StandardCharsets.UTF_8))
                    .isEqualTo("pass-word");
        });
    }

    @Test
    void aUserNameThatIsASecretIsShownNowhere() throws Exception {
        UsernamePasswordCredentialsImpl credentials = password("web", "deploy");
        credentials.setUsernameSecret(true);
        add(system(), credentials);
        assertThat(resolve(WEB1, "web").user()).isEqualTo("deploy");
        assertThat(resolve(WEB1, "web").shownUser()).isEqualTo("****");
        assertThat(resolve(Destination.parse("root@web1"), "web").shownUser()).isEqualTo("root");
    }

    @Test
    void aKeyBecomesAKeyLogin() throws Exception {
        TestKey key = TestKey.generate(TestKey.Type.ED25519);
        add(system(), key("web", "deploy", key));
        assertThat(resolve(WEB1, "web")).isInstanceOfSatisfying(KeyLogin.class, login -> assertThat(login.keys())
                .singleElement()
                .satisfies(text -> assertThat(new String(text.text().copy(), StandardCharsets.UTF_8))
                        .isEqualToNormalizingNewlines(key.privateText())));
    }

    @Test
    void theUserThatIsTypedWins() throws Exception {
        add(system(), password("web", "deploy"));
        assertThat(resolve(Destination.parse("root@web1"), "web").user()).isEqualTo("root");
    }

    @Test
    void theOnlyOnesThatFitAreTaken() throws Exception {
        addForWeb1(password("web", "deploy"));
        assertThat(resolve(WEB1, null).user()).isEqualTo("deploy");
    }

    @Test
    void severalThatFitAreNamed() throws Exception {
        addForWeb1(password("web", "deploy"));
        addForWeb1(password("admin", "root"));
        assertThatThrownBy(() -> resolve(WEB1, null))
                .hasMessage("Several credentials fit web1.example.org:22; choose one by credentialsId: admin, web.");
        assertThat(resolve(Destination.parse("root@web1.example.org"), null).user())
                .isEqualTo("root");
    }

    @Test
    void thoseThatAreGoodForEveryHostAreOfferedToNone() throws Exception {
        add(system(), password("token", "somebody"));
        assertThatThrownBy(() -> resolve(WEB1, null)).hasMessageStartingWith("No credentials");
        assertThat(resolve(WEB1, "token").user()).isEqualTo("somebody");
    }

    @Test
    void noneThatFitsSaysWhatToAdd() {
        assertThatThrownBy(() -> resolve(WEB1, null))
                .hasMessageStartingWith(
                        "No credentials that this build may use are in a domain that names web1.example.org:22; choose some");
    }

    @Test
    void theDomainDecidesWhichFit() throws Exception {
        CredentialsStore store = system();
        store.addDomain(
                new Domain("web", "", List.of(new HostnameSpecification("*.example.org", ""))),
                password("web", "deploy"));
        store.addDomain(
                new Domain("odd port", "", List.of(new HostnamePortSpecification("*.example.org:2222", ""))),
                password("odd", "odd"));
        assertThat(resolve(WEB1, null).user()).isEqualTo("deploy");
        assertThatThrownBy(() -> resolve(Destination.parse("web1.example.org:2222"), null))
                .hasMessageEndingWith("odd, web.");
    }

    @Test
    void aDomainThatExcludesTheHostIsHonouredForAnIdToo() throws Exception {
        system().addDomain(
                        new Domain("web", "", List.of(new HostnameSpecification("*.example.org", ""))),
                        password("web", "deploy"));
        assertThatThrownBy(() -> resolve(Destination.parse("evil.example.com"), "web"))
                .hasMessage("The credentials \"web\" belong to a domain that does not include evil.example.com:22; "
                        + "use others, or extend the domain.");
    }

    @Test
    void credentialsOfAnotherKindAreNamedAsSuch() throws Exception {
        add(system(), new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString("x")));
        assertThatThrownBy(() -> resolve(WEB1, "token"))
                .hasMessage("The credentials \"token\" are of the kind \"Secret text\"; "
                        + "use a user name with password, or an SSH user name with private key.");
    }

    @Test
    void credentialsOfAUserNeedAParameter() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        User alice = User.getOrCreateByIdOrFullName("alice");
        try (ACLContext ignored = ACL.as(alice)) {
            CredentialsStore store =
                    CredentialsProvider.lookupStores(alice).iterator().next();
            add(store, new UsernamePasswordCredentialsImpl(CredentialsScope.USER, "mine", "", "alice", "pass-word"));
        }
        assertThatThrownBy(() -> resolve(WEB1, "mine")).hasMessageContaining("no credentials \"mine\"");

        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.addProperty(new ParametersDefinitionProperty(new CredentialsParameterDefinition(
                "LOGIN", "", null, StandardUsernameCredentials.class.getName(), false)));
        FreeStyleBuild parameterised;
        try (ACLContext ignored = ACL.as(alice)) {
            parameterised = jenkins.assertBuildStatusSuccess(project.scheduleBuild2(
                    0,
                    new Cause.UserIdCause("alice"),
                    new ParametersAction(new CredentialsParameterValue("LOGIN", "mine", ""))));
        }
        assertThat(LoginResolver.resolve(parameterised, WEB1, "LOGIN").user()).isEqualTo("alice");
    }
}
