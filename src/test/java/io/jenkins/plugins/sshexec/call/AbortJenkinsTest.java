package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.freestyle.SshExecBuilder;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnExec;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;
import io.jenkins.plugins.sshexec.testing.RawServer;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** How soon a build that is stopped has ended, of either kind of job, wherever its command is on its way. */
@WithJenkins
class AbortJenkinsTest {

    /**
     * Of use on a busy machine, too; what went wrong would take the connect timeout of 60 seconds, or more. That two seconds are
     * enough the standalone build's {@code AbortWithinTwoSecondsTest} measures.
     */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final Duration LONG = Duration.ofSeconds(60);

    private enum Kind {
        PIPELINE,
        FREESTYLE
    }

    private JenkinsRule jenkins;
    private EmbeddedSshServer server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = EmbeddedSshServer.start();
        server.runs(AbortJenkinsTest::untilTerm);
        SshExecConfiguration configuration = SshExecConfiguration.get();
        configuration.setHostKeyVerification(new NoVerification());
        configuration.setConnectTimeoutSeconds((int) LONG.toSeconds());
        configuration.setSessionsPerHost(1);
        configuration.setChannelsPerSession(1);
        SshJenkins.add(
                SshJenkins.system(),
                new UsernamePasswordCredentialsImpl(
                        CredentialsScope.GLOBAL, "login", null, EmbeddedSshServer.USER, EmbeddedSshServer.PASSWORD));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static void untilTerm(RemoteCall call) throws Exception {
        if (call.command().startsWith("exec /bin/sh")) {
            call.exit(0); // the script that ends another command
        } else {
            call.stdout("runs\n").signalled(call.awaitSignal());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileItWaitsForASession(Kind kind) throws Exception {
        Run<?, ?> first = begin(Kind.PIPELINE, server.endpoint(), "first");
        jenkins.waitForMessage("runs", first);
        Run<?, ?> waiting = begin(kind, server.endpoint(), "never");
        jenkins.waitForMessage("Waiting for a session to 127.0.0.1, number 1 in line.", waiting);
        assertAbortedSoon(waiting);
        assertThat(first.isBuilding()).isTrue();
        assertThat(SshPoolService.get().pool().snapshot().hosts())
                .allMatch(host -> host.leases() == 1 && host.waiting() == 0);
        assertThat(server.commands()).containsExactly("first");
        assertAbortedSoon(first);
    }

    @ParameterizedTest
    @EnumSource
    void whileItConnects(Kind kind) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        try (RawServer silent = RawServer.start(socket -> {
            connected.countDown();
            RawServer.readToEnd(socket);
        })) {
            Run<?, ?> connecting = begin(kind, silent.endpoint(), "never");
            assertThat(connected.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertAbortedSoon(connecting);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileTheChannelIsOpened(Kind kind) throws Exception {
        server.onOpen(OnOpen.HANG);
        Run<?, ?> opening = begin(kind, server.endpoint(), "never");
        jenkins.waitForMessage("(new session)", opening);
        assertAbortedSoon(opening);
        assertThat(server.commands()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whileTheAnswerToTheExecRequestIsAwaited(Kind kind) throws Exception {
        server.onExec(OnExec.HANG);
        Run<?, ?> unanswered = begin(kind, server.endpoint(), "never");
        await().atMost(LONG).until(() -> server.commands().size() == 1);
        assertAbortedSoon(unanswered);
        jenkins.assertLogContains("it may still be running on 127.0.0.1", unanswered);
    }

    @ParameterizedTest
    @EnumSource
    void whileItRuns(Kind kind) throws Exception {
        Run<?, ?> running = begin(kind, server.endpoint(), "serve");
        jenkins.waitForMessage("runs", running);
        assertAbortedSoon(running);
        jenkins.assertLogNotContains("may still be running", running);
    }

    @ParameterizedTest
    @EnumSource
    void whileAFileIsCopied(Direction direction, @TempDir Path host) throws Exception {
        server.runs(call -> call.serveFilesUntilSilent(50_000));
        Files.write(host.resolve("file"), new byte[100_000]);
        String login = "host: '" + server.endpoint() + "', credentialsId: 'login', ";
        String step = direction == Direction.PUT
                ? "writeFile file: 'file', text: 'x' * 100000; sshPut " + login + "from: 'file', into: '" + host
                        + "/new'"
                : "sshGet " + login + "from: '" + host + "/file', into: 'new'";
        WorkflowJob job = SshJenkins.pipeline(jenkins, "node { " + step + " }");
        Run<?, ?> copying = job.scheduleBuild2(0).waitForStart();
        await().atMost(LONG).until(() -> server.commands().contains(RemoteCall.SFTP));
        jenkins.waitForMessage("tting ", copying);
        assertAbortedSoon(copying);
        assertThat(host.resolve("new")).doesNotExist();
    }

    private Run<?, ?> begin(Kind kind, Endpoint endpoint, String command) throws Exception {
        Job<?, ?> job;
        if (kind == Kind.PIPELINE) {
            WorkflowJob pipeline = SshJenkins.pipeline(
                    jenkins, "sshExec host: '" + endpoint + "', credentialsId: 'login', command: '" + command + "'");
            job = pipeline;
        } else {
            FreeStyleProject project = jenkins.createFreeStyleProject();
            SshExecBuilder builder = new SshExecBuilder(endpoint.toString(), command);
            builder.setCredentialsId("login");
            project.getBuildersList().add(builder);
            job = project;
        }
        ParameterizedJobMixIn.scheduleBuild2(job, 0);
        await().atMost(LONG)
                .until(() -> job.getLastBuild() != null && job.getLastBuild().isBuilding());
        return job.getLastBuild();
    }

    private void assertAbortedSoon(Run<?, ?> run) throws Exception {
        await().atMost(LONG).until(() -> run.getExecutor() != null);
        run.getExecutor().interrupt();
        await().atMost(SOON).until(() -> !run.isBuilding());
        jenkins.assertBuildStatus(Result.ABORTED, run);
        jenkins.assertLogNotContains("\tat ", run);
    }
}
