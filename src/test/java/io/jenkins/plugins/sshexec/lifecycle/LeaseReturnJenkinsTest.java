package io.jenkins.plugins.sshexec.lifecycle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Label;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import jenkins.security.MasterToSlaveCallable;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** However a step dies, its lease comes back. With one seat in the pool the next command would wait for ever otherwise. */
@WithJenkins
class LeaseReturnJenkinsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private JenkinsRule jenkins;
    private OpenSshServer server;
    private Path go;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = SshJenkins.startServer();
        go = server.directory().resolve("go");
        SshExecConfiguration.get().setSessionsPerHost(1);
        SshExecConfiguration.get().setChannelsPerSession(1);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String step(String command) {
        return "sshExec host: '" + host(server) + "', command: '" + command + "'";
    }

    private String stepUntilGo() {
        return step("until [ -e " + go + " ]; do sleep 0.05; done");
    }

    private static int leases() {
        return SshPoolService.get().pool().snapshot().hosts().stream()
                .mapToInt(PoolSnapshot.Host::leases)
                .sum();
    }

    private WorkflowRun begin(String script) throws Exception {
        WorkflowRun run = pipeline(jenkins, script).scheduleBuild2(0).waitForStart();
        await().atMost(LIMIT).until(() -> server.commands() == 1);
        assertThat(leases()).isOne();
        return run;
    }

    private void assertCameBack() throws Exception {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leases()).isZero());
        jenkins.buildAndAssertSuccess(pipeline(jenkins, step("true")));
    }

    /** The command runs from the controller, so it even goes on. */
    @Test
    void whereTheAgentAroundItIsKilled() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("builder"));
        long agentProcess = agent.getChannel().call(new ProcessId());
        WorkflowRun run = begin("node('builder') { " + stepUntilGo() + " }");

        ProcessHandle.of(agentProcess).orElseThrow().destroyForcibly();
        await().atMost(LIMIT).until(() -> agent.toComputer().isOffline());
        Files.createFile(go);

        assertCameBack();
        run.doKill();
    }

    private static final class ProcessId extends MasterToSlaveCallable<Long, RuntimeException> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long call() {
            return ProcessHandle.current().pid();
        }
    }

    @Test
    void whereTheBuildIsInterrupted() throws Exception {
        WorkflowRun run = begin(stepUntilGo());

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertCameBack();
    }

    /** Pipeline forgets the steps of a build that is killed without telling them; the command is then left to its end. */
    @Test
    void whereTheBuildIsKilled() throws Exception {
        WorkflowRun run = begin(stepUntilGo());

        run.doKill();
        jenkins.waitForCompletion(run);
        Files.createFile(go);

        assertCameBack();
    }

    @Test
    void whereTheBuildIsDeletedWhileItRuns() throws Exception {
        WorkflowRun run = begin(stepUntilGo());

        run.doKill();
        jenkins.waitForCompletion(run);
        run.getParent().delete();
        Files.createFile(go);

        assertCameBack();
    }

    @Test
    void whereTheLogThrowsAnError() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE, pipeline(jenkins, step("echo " + BrokenLog.TRIGGER + "; sleep 600")));

        jenkins.assertLogContains("its output could not be taken", run);
        assertCameBack();
    }

    /** A log that fails as it would if a class of its decorator could not be loaded any more. */
    @TestExtension("whereTheLogThrowsAnError")
    public static final class BrokenLog implements TaskListenerDecorator.Factory {
        static final String TRIGGER = "break-the-log";

        @Override
        public TaskListenerDecorator of(FlowExecutionOwner owner) {
            return new Decorator();
        }

        private static final class Decorator extends TaskListenerDecorator {
            private static final long serialVersionUID = 1L;

            @Override
            public OutputStream decorate(OutputStream log) {
                return new FilterOutputStream(log) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
                        // Not the line that tells the command.
                        if (text.startsWith(TRIGGER)) {
                            throw new NoClassDefFoundError("on purpose");
                        }
                        out.write(bytes, offset, length);
                    }
                };
            }
        }
    }
}
