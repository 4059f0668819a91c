package io.jenkins.plugins.sshexec.call;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.AbortException;
import hudson.model.Result;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.log.FileLogStorage;
import org.jenkinsci.plugins.workflow.log.LogStorage;
import org.jenkinsci.plugins.workflow.log.LogStorageFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A real Jenkins whose build log is on a disk that becomes full, with all that Jenkins has between a step and its log file. */
@WithJenkins
class FullLogDiskJenkinsTest {

    @Test
    void stepFailsWithTheReasonInsteadOfLosingOutput(JenkinsRule jenkins, @TempDir Path disks) throws Exception {
        Path disk = Files.createDirectory(disks.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()), "Only root can mount a disk");
        try (OpenSshServer server = SshJenkins.startServer()) {
            WorkflowJob job = pipeline(
                    jenkins,
                    "sshExec host: '" + host(server) + "', command: 'head -c 8M /dev/zero | tr \"\\\\0\" \"\\\\n\"'");
            Path log = disk.resolve("log");
            jenkins.jenkins.getExtensionList(LogStorageFactory.class).add(0, new LogOnDisk(log));
            WorkflowRun run = jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));
            assertThat(((CpsFlowExecution) run.getExecution()).getCauseOfFailure())
                    .isInstanceOf(AbortException.class)
                    .hasMessage("The command on " + host(server) + " was ended, because its output could not be taken:"
                            + " the build log cannot be written; see whether the disk that it is on is full.");
            assertThat(Files.size(log)).isGreaterThan(1024 * 1024);
        } finally {
            run("umount", disk.toString());
        }
    }

    /** The log alone is there: Jenkins would fail first if it could not keep its own records. */
    private record LogOnDisk(Path file) implements LogStorageFactory {
        @Override
        public LogStorage forBuild(FlowExecutionOwner build) {
            return FileLogStorage.forFile(file.toFile());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
