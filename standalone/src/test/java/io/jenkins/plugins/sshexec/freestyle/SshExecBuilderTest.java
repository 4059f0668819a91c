package io.jenkins.plugins.sshexec.freestyle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.testing.Scenario;
import io.jenkins.plugins.sshexec.testing.ScenarioStage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes with the command of the build step, on the embedded controller and a real OpenSSH server. */
class SshExecBuilderTest {

    @TempDir
    private Path home;

    @TempDir
    private Path workspace;

    private EmbeddedController controller;
    private EmbeddedRun build;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        controller = EmbeddedController.start(home);
        build = new EmbeddedRun(new EmbeddedJob(controller.jenkins(), "job"));
    }

    @AfterEach
    void stop() throws Exception {
        controller.close();
    }

    private static ScenarioStage server(Map<String, List<String>> needs) throws Exception {
        return ScenarioStage.set(new Scenario("build step", "", "", needs), null);
    }

    private static SshExecBuilder builder(ScenarioStage stage, String command) {
        return new SshExecBuilder(stage.environment().get("SSH_HOST"), command);
    }

    private static EnvVars variables() {
        return new EnvVars(
                Map.of("VERSION", "7", "NAME", "data", "ACCOUNT", "nobody", "HOSTILE", "\"; $(echo run) `echo run` '"));
    }

    private void perform(SshExecBuilder builder) throws Exception {
        builder.perform(
                build,
                new FilePath(workspace.toFile()),
                variables(),
                null,
                new StreamTaskListener(log, StandardCharsets.UTF_8));
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void directoryVariablesAndInputHaveBuildVariables() throws Exception {
        Path directory = Files.createDirectory(workspace.resolve("release 7"));
        try (ScenarioStage stage = server(Map.of())) {
            SshExecBuilder builder = builder(stage, "echo \"[$A] [$B] in $(pwd): $(cat)\"");
            builder.setEnv(List.of("A=it's $VERSION", "B=$UNKNOWN"));
            builder.setWorkingDirectory(workspace + "/release $VERSION");
            builder.setStdin("one\ntext of $VERSION");
            perform(builder);
            assertThat(log()).contains("\n[it's 7] [$UNKNOWN] in " + directory + ": one\ntext of 7\n");
        }
    }

    @Test
    void aValueInAnEnvironmentVariableIsNoCommand() throws Exception {
        try (ScenarioStage stage = server(Map.of())) {
            SshExecBuilder builder = builder(stage, "echo \"release: $RELEASE\"");
            builder.setEnv(List.of("RELEASE=$HOSTILE"));
            perform(builder);
            assertThat(log()).contains("\nrelease: \"; $(echo run) `echo run` '\n");
        }
    }

    @Test
    void aFileOfTheWorkspaceIsTheInput() throws Exception {
        Files.writeString(workspace.resolve("data-7"), "of the workspace");
        try (ScenarioStage stage = server(Map.of())) {
            SshExecBuilder builder = builder(stage, "echo \"read: $(cat)\"");
            builder.setStdinFile("$NAME-$VERSION");
            perform(builder);
            assertThat(log()).contains("\nread: of the workspace\n");
        }
    }

    @Test
    void withoutAWorkspaceThereIsNoFileForTheInput() throws Exception {
        SshExecBuilder builder = new SshExecBuilder("web1", "cat");
        builder.setStdinFile("data");
        assertThatThrownBy(
                        () -> builder.perform(build, variables(), new StreamTaskListener(log, StandardCharsets.UTF_8)))
                .isInstanceOf(AbortException.class)
                .hasMessageStartingWith("A file of the workspace needs a node around the step");
    }

    @Test
    void aTerminalHasTheSizeThatIsAskedFor() throws Exception {
        try (ScenarioStage stage = server(Map.of())) {
            SshExecBuilder builder = builder(stage, "test -t 1 && echo \"$TERM, rows and columns: $(stty size)\"");
            builder.setPty("120x40");
            perform(builder);
            assertThat(log()).contains("xterm, rows and columns: 40 120");
        }
    }

    @Test
    void sudoRunsTheCommandAsAnotherUserWithThePasswordOfItsCredentials() throws Exception {
        try (ScenarioStage stage = server(Map.of(
                "sudoers", List.of("USER ALL=(ALL) ALL", "Defaults lecture=never"),
                "credentials", List.of("login key", "sudo sudo-password for any")))) {
            SshExecBuilder builder = builder(stage, "echo \"as $(id -un)\"");
            builder.setCredentialsId("login");
            builder.setSudo(true);
            builder.setSudoUser("$ACCOUNT");
            builder.setSudoCredentialsId("sudo");
            perform(builder);
            assertThat(log()).contains("\nas nobody\n").doesNotContain("Correct horse");
        }
    }

    @Test
    void whatNeedsSudoIsRefusedWithoutIt() {
        SshExecBuilder builder = new SshExecBuilder("web1", "true");
        builder.setSudoUser("postgres");
        assertThatThrownBy(() -> perform(builder))
                .isInstanceOf(AbortException.class)
                .hasMessageStartingWith("sudoUser and sudoCredentialsId need sudo");
    }

    @Test
    void aDurableCommandTakesNone() {
        SshExecBuilder builder = new SshExecBuilder("web1", "true");
        builder.setEnv(List.of("A=b"));
        builder.setDurable(true);
        assertThatThrownBy(() -> perform(builder))
                .isInstanceOf(AbortException.class)
                .hasMessageStartingWith("A durable command takes no env");
    }
}
