package io.jenkins.plugins.sshexec.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hudson.ExtensionList;
import hudson.cli.CLICommand;
import hudson.model.ManagementLink;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.HttpResponses.HttpResponseException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;

/** Who may see the pool and who may act on it. */
class SshSessionsLinkTest {

    @TempDir
    Path home;

    private EmbeddedController controller;
    private SshSessionsLink link;

    @BeforeEach
    void start() throws Exception {
        controller = EmbeddedController.start(home);
        link = ExtensionList.lookup(ManagementLink.class).get(SshSessionsLink.class);
        controller.access().grant("reader", Jenkins.READ);
        controller.access().grant("viewer", Jenkins.READ, Jenkins.SYSTEM_READ);
        controller.access().grant("manager", Jenkins.READ, Jenkins.MANAGE);
    }

    @AfterEach
    void stop() throws IOException {
        controller.close();
    }

    private static ACLContext as(String user) {
        return ACL.as2(new TestingAuthenticationToken(user, ""));
    }

    private List<PoolSnapshot.Host> hosts() {
        return SshPoolService.get().pool().snapshot().hosts();
    }

    private String commandLine() throws Exception {
        SshSessionsCommand command = ExtensionList.lookup(CLICommand.class).get(SshSessionsCommand.class);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        command.stdout = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(command.run()).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @TestFactory
    Stream<DynamicTest> onlyManagersAct() {
        List<Runnable> actions = List.of(
                () -> link.doEvictIdle(),
                () -> link.doEvict("1"),
                () -> link.doDrain("web1"),
                () -> link.doPause("web1"),
                () -> link.doResume("web1"));
        return Stream.of("reader", "viewer")
                .map(user -> DynamicTest.dynamicTest(user, () -> {
                    try (ACLContext ignored = as(user)) {
                        assertThat(actions).allSatisfy(action -> assertThatExceptionOfType(AccessDeniedException.class)
                                .isThrownBy(action::run)
                                .withMessageContaining("Manage"));
                        assertThat(link.isMayAct()).isFalse();
                    }
                    assertThat(hosts()).isEmpty();
                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "manager"})
    void thoseWhoMaySeeTheSystemSeeThePageAndTheCommand(String user) throws Exception {
        try (ACLContext ignored = as(user)) {
            assertThat(link.getTarget()).isSameAs(link);
            assertThat(commandLine())
                    .isEqualToIgnoringNewLines("0 sessions open: 0 in use, 0 idle. 0 commands waiting.");
        }
    }

    @Test
    void othersSeeNeither() {
        try (ACLContext ignored = as("reader")) {
            assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(link::getTarget);
            assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(this::commandLine);
        }
    }

    @Test
    void managersPauseAndResumeHosts() {
        try (ACLContext ignored = as("manager")) {
            assertThat(link.isMayAct()).isTrue();
            link.doPause("web1");
            assertThat(hosts()).singleElement().satisfies(host -> {
                assertThat(host.endpoint()).isEqualTo(new Endpoint("web1", 22));
                assertThat(host.paused()).isTrue();
            });
            link.doResume("web1:22");
            assertThat(hosts()).isEmpty();
            link.doEvictIdle();
            link.doEvict("7");
            link.doDrain("web1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "me@web1", "web1:", "web 1"})
    void whatIsNoHostIsRefusedWithASentence(String typed) {
        try (ACLContext ignored = as("manager")) {
            assertThatExceptionOfType(HttpResponseException.class)
                    .isThrownBy(() -> link.doPause(typed))
                    .withMessage("Type the host as host or host:port, without a user.");
        }
        assertThat(hosts()).isEmpty();
    }

    @Test
    void theCommandShowsHostsInColumns() throws Exception {
        try (ACLContext ignored = as("manager")) {
            link.doPause("web1");
            link.doPause("a.very.long.name.example.org:2222");

            assertThat(commandLine().lines())
                    .containsExactly(
                            "0 sessions open: 0 in use, 0 idle. 0 commands waiting.",
                            "",
                            "HOST                               OPEN  IN USE  IDLE  WAITING  PAUSED",
                            "a.very.long.name.example.org:2222  0     0       0     0        yes",
                            "web1:22                            0     0       0     0        yes");
        }
    }

    @Test
    void theCommandIsNamedAsDocumented() {
        assertThat(new SshSessionsCommand().getName()).isEqualTo("ssh-sessions");
    }
}
