package io.jenkins.plugins.sshexec.step;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A durable command and a restart of Jenkins, at each point of its way. */
class DurableRestartJenkinsTest {

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private OpenSshServer server;

    @BeforeEach
    void start() throws Exception {
        server = OpenSshServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofMinutes(2));
    }

    private Path file(String name) {
        return server.directory().resolve(name);
    }

    private Path folders() {
        return file("durable");
    }

    private String step(String command, String options) {
        return "sshExec(host: '" + host(server) + "', durable: true, durableDirectory: '" + folders() + "', command: '"
                + command + "'" + options + ")";
    }

    /** Counts, once for each start of its own, until it may end with status 3. */
    private String counting() {
        return "echo x >> " + file("starts") + "; i=0; until [ -e " + file("go")
                + " ]; do i=$((i + 1)); echo \"line $i\"; sleep 0.2; done; echo \"last $i\"; exit 3";
    }

    private static void build(JenkinsRule jenkins, OpenSshServer server, String script) throws Exception {
        SshJenkins.trust(server);
        SshJenkins.addLogin(server, "web");
        WorkflowJob job = SshJenkins.define(jenkins.createProject(WorkflowJob.class, "job"), script);
        job.scheduleBuild2(0).waitForStart();
    }

    private static WorkflowRun lastRun(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("job", WorkflowJob.class).getLastBuild();
    }

    private void assertCompleteLog(WorkflowRun run) throws Exception {
        List<String> lines = run.getLog(Integer.MAX_VALUE).stream()
                .filter(line -> line.startsWith("line ") || line.startsWith("last "))
                .toList();
        int last = Integer.parseInt(lines.get(lines.size() - 1).substring("last ".length()));
        assertThat(lines)
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.rangeClosed(1, last).mapToObj(i -> "line " + i), Stream.of("last " + last))
                        .toList());
        assertThat(Files.readString(file("starts"))).isEqualTo("x\n");
    }

    private void assertNothingIsLeft(WorkflowRun run) throws Exception {
        try (Stream<Path> left = Files.list(folders())) {
            assertThat(left).isEmpty();
        }
        try (Stream<Path> left = Files.list(run.getRootDir().toPath())) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("ssh-exec-"));
        }
    }

    @Test
    void commandThatWritesDuringTheRestartIsLoggedWithoutAGap() throws Throwable {
        sessions.then(jenkins -> {
            build(jenkins, server, "echo 'status: ' + " + step(counting(), ", returnStatus: true"));
            jenkins.waitForMessage("line 3", lastRun(jenkins));
        });
        Path leftover = leftover();
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.waitForMessage("Following the command on", run);
            Files.createFile(file("go"));
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("status: 3", run);
            assertCompleteLog(run);
            patiently().until(() -> Files.notExists(leftover));
            assertNothingIsLeft(run);
        });
    }

    /** The folder of a command that ended long ago, and of whose build nothing is known any more. */
    private Path leftover() throws Exception {
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(9)));
        Path folder = Files.createDirectory(folders().resolve(UUID.randomUUID().toString()));
        for (String name : List.of("wrapper", "heartbeat", "result")) {
            Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), longAgo);
        }
        Files.setLastModifiedTime(folder, longAgo);
        return folder;
    }

    @Test
    void commandThatEndsWhileJenkinsIsDownIsFoundEnded() throws Throwable {
        sessions.then(jenkins -> {
            build(jenkins, server, step(counting(), ""));
            jenkins.waitForMessage("line 3", lastRun(jenkins));
        });
        Files.createFile(file("go"));
        patiently().until(() -> results() == 1);
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("returned exit status 3", run);
            assertCompleteLog(run);
            assertNothingIsLeft(run);
        });
    }

    private long results() throws Exception {
        try (Stream<Path> files = Files.walk(folders())) {
            return files.filter(file -> file.endsWith("result")).count();
        }
    }

    @Test
    void whatIsReturnedIsAllOfItAndTheLogHasItOnce() throws Throwable {
        sessions.then(jenkins -> {
            build(
                    jenkins,
                    server,
                    "def r = " + step(counting(), ", returnResult: true")
                            + "\necho \"first: ${r.stdout.readLines()[0]}, last: ${r.stdout.readLines().last()}\"");
            jenkins.waitForMessage("line 3", lastRun(jenkins));
        });
        Files.createFile(file("go"));
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("first: line 1, last: last ", run);
            assertCompleteLog(run);
        });
    }

    @Test
    void hostThatIsDownWhenJenkinsComesUpIsWaitedFor() throws Throwable {
        sessions.then(jenkins -> {
            build(jenkins, server, step(counting(), ", returnStatus: true"));
            jenkins.waitForMessage("line 3", lastRun(jenkins));
        });
        server.kill();
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            patiently()
                    .until(() -> run.isBuilding()
                            && run.getExecution() != null
                            && !run.getExecution().getCurrentHeads().isEmpty());
            server.launch();
            jenkins.waitForMessage("Following the command on", run);
            Files.createFile(file("go"));
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertCompleteLog(run);
        });
    }

    @Test
    void abortAfterARestartEndsTheCommand() throws Throwable {
        String command = "sleep 1000 & echo $! > " + file("pid") + "; echo be\"\"gun; wait";
        sessions.then(jenkins -> {
            build(jenkins, server, step(command, ""));
            jenkins.waitForMessage("begun", lastRun(jenkins));
        });
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.waitForMessage("Following the command on", run);
            run.doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
            long pid = Long.parseLong(Files.readString(file("pid")).trim());
            patiently().until(() -> ProcessHandle.of(pid).isEmpty());
            assertNothingIsLeft(run);
        });
    }

    @Test
    void anAbortThatWasUnderWayGoesOnAfterTheRestart() throws Throwable {
        String command = "sleep 1000 & echo $! > " + file("pid") + "; echo be\"\"gun; wait";
        sessions.then(jenkins -> {
            build(jenkins, server, step(command, ""));
            WorkflowRun run = lastRun(jenkins);
            jenkins.waitForMessage("begun", run);
            server.kill(); // so that the command cannot be ended
            jenkins.waitForMessage("goes on without its connection", run);
            run.doStop();
            patiently().until(() -> status(run).contains("ending"));
        });
        server.launch();
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
            long pid = Long.parseLong(Files.readString(file("pid")).trim());
            patiently().until(() -> ProcessHandle.of(pid).isEmpty());
            assertNothingIsLeft(run);
        });
    }

    private static String status(WorkflowRun run) throws Exception {
        List<StepExecution> steps =
                run.getExecution().getCurrentExecutions(true).get();
        return steps.isEmpty() ? "" : steps.get(0).getStatus();
    }

    @Test
    void timeLimitCountsOverTheRestart() throws Throwable {
        sessions.then(jenkins -> {
            build(jenkins, server, step("echo be\"\"gun; sleep 1000", ", timeoutSeconds: 20"));
            jenkins.waitForMessage("begun", lastRun(jenkins));
        });
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("longer than 20 s (timeoutSeconds)", run);
            assertThat(run.getDuration()).isLessThan(Duration.ofMinutes(3).toMillis());
        });
    }

    @Test
    void commandThatWasNotSentBeforeTheRestartIsNotRun() throws Throwable {
        sessions.then(jenkins -> {
            SshExecConfiguration.get().setSessionsPerHost(1);
            SshExecConfiguration.get().setChannelsPerSession(1);
            SshExecConfiguration.get().setChannelsPerSession(1);
            build(
                    jenkins,
                    server,
                    "parallel a: { catchError { sshExec host: '" + host(server)
                            + "', command: 'echo in the way; sleep 1000' } }," + " b: { sleep 2; "
                            + step(counting(), "") + " }");
            jenkins.waitForMessage("in line", lastRun(jenkins));
        });
        sessions.then(jenkins -> {
            WorkflowRun run = lastRun(jenkins);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("Jenkins was restarted before the durable command was sent", run);
            assertThat(file("starts")).doesNotExist();
        });
    }
}
