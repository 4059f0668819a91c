package io.jenkins.plugins.sshexec.standalone.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;

/** What the doubles must have in common with Jenkins for the plugin to notice no difference. */
class EmbeddedControllerTest {
    @TempDir
    Path home;

    private EmbeddedController controller;

    @BeforeEach
    void start() throws Exception {
        controller = EmbeddedController.start(home);
    }

    @AfterEach
    void stop() throws IOException {
        controller.close();
    }

    @Test
    void findsThePluginsExtensionsByTheirIndex() {
        assertThat(StepDescriptor.byFunctionName("sshExec")).isNotNull();
        assertThat(ExtensionList.lookupSingleton(SshExecConfiguration.class)).isSameAs(SshExecConfiguration.get());
    }

    @Test
    void runsOneAtATimeAndStopsThePluginWithIt() throws Exception {
        SshPoolService service = SshPoolService.get();
        assertThatIllegalStateException().isThrownBy(() -> EmbeddedController.start(home));
        controller.close();
        assertThatIllegalStateException().isThrownBy(Jenkins::get);
        controller = EmbeddedController.start(home);
        assertThat(SshPoolService.get()).isNotSameAs(service);
    }

    @Test
    void allowsEverythingUntilTheFirstGrant() {
        Authentication user = new TestingAuthenticationToken("user", "");
        try (ACLContext asUser = ACL.as2(user)) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            controller.access().grant("user", Item.CONFIGURE);
            Jenkins.get().checkPermission(Item.EXTENDED_READ);
            assertThatExceptionOfType(AccessDeniedException.class)
                    .isThrownBy(() -> Jenkins.get().checkPermission(Jenkins.ADMINISTER))
                    .withMessage("user is missing the Overall/Administer permission");
        }
        assertThat(Jenkins.get().hasPermission2(ACL.SYSTEM2, Jenkins.ADMINISTER))
                .isTrue();
    }

    @Test
    void findsCredentialsOfTheNearestFolderFirst() throws Exception {
        EmbeddedFolder folder = controller.jenkins().add(new EmbeddedFolder(controller.jenkins(), "folder"), "folder");
        add(controller.jenkins(), Domain.global(), "both", "controller");
        add(controller.jenkins(), Domain.global(), "upper", "controller");
        add(folder, Domain.global(), "both", "folder");
        EmbeddedRun inFolder = new EmbeddedRun(new EmbeddedJob(folder, "job"));
        EmbeddedRun above = new EmbeddedRun(new EmbeddedJob(controller.jenkins(), "job"));

        assertThat(find("both", inFolder).getUsername()).isEqualTo("folder");
        assertThat(find("upper", inFolder).getUsername()).isEqualTo("controller");
        assertThat(find("both", above).getUsername()).isEqualTo("controller");
    }

    @Test
    void findsCredentialsOfADomainForItsHostsAlone() throws Exception {
        Domain domain = new Domain("web", null, List.of(new HostnamePortSpecification("*.example.org:22", null)));
        add(controller.jenkins(), domain, "web", "user");
        EmbeddedJob job = new EmbeddedJob(controller.jenkins(), "job");

        assertThat(ids(job, new HostnamePortRequirement("web1.example.org", 22)))
                .containsExactly("web");
        assertThat(ids(job, new HostnamePortRequirement("web1.example.com", 22)))
                .isEmpty();
        assertThat(ids(job, new HostnamePortRequirement("web1.example.org", 23)))
                .isEmpty();
    }

    @Test
    void remembersWhoseCredentialsABuildHasUsed() throws Exception {
        add(controller.jenkins(), Domain.global(), "id", "user");
        EmbeddedRun run = new EmbeddedRun(new EmbeddedJob(controller.jenkins(), "job"));
        CredentialsProvider.track(run, find("id", run));
        assertThat(controller.credentialsUses()).containsExactly(new EmbeddedController.CredentialsUse(run, "id"));
    }

    private static void add(ItemGroup<?> place, Domain domain, String id, String user) throws Exception {
        CredentialsStore store =
                CredentialsProvider.lookupStores(place).iterator().next();
        store.addDomain(domain);
        store.addCredentials(
                domain, new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, null, user, "password"));
    }

    private static StandardUsernameCredentials find(String id, EmbeddedRun run) {
        return CredentialsProvider.findCredentialById(id, StandardUsernameCredentials.class, run);
    }

    private static List<String> ids(EmbeddedJob job, DomainRequirement requirement) {
        return CredentialsProvider.lookupCredentialsInItem(
                        StandardUsernameCredentials.class, job, ACL.SYSTEM2, List.of(requirement))
                .stream()
                .map(IdCredentials::getId)
                .toList();
    }
}
