package io.jenkins.plugins.sshexec.lifecycle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.testing.Leftovers;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** When Jenkins stops in a process that goes on, as for a restart, nothing of the plugin is left in that process. */
@EnabledOnOs(OS.LINUX)
class ShutdownJenkinsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private OpenSshServer server;

    @Test
    void neitherThreadsNorConnectionsOutliveJenkins() throws Throwable {
        sessions.then(jenkins -> {
            server = SshJenkins.startServer();
            SshExecConfiguration.get().setChannelsPerSession(1);
            jenkins.buildAndAssertSuccess(pipeline(jenkins, "sshExec host: '" + host(server) + "', command: 'true'"));
            // One command that runs, on the session of before, and one that is on its own way to the server.
            pipeline(
                            jenkins,
                            "parallel a: { sshExec host: '" + host(server)
                                    + "', command: 'sleep 600' }, b: { sshExec host: '" + host(server)
                                    + "', command: 'sleep 600' }")
                    .scheduleBuild2(0)
                    .waitForStart();
            await().atMost(LIMIT).until(() -> server.commands() == 3);
            assertThat(leftovers().threads()).isNotEmpty();
            assertThat(leftovers().connections()).hasSize(2);
        });

        try {
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(leftovers().connections()).isEmpty();
                assertThat(leftovers().threads()).isEmpty();
            });
        } finally {
            server.close();
        }
    }

    private Leftovers leftovers() throws IOException {
        return Leftovers.of(server.endpoint().port());
    }
}
