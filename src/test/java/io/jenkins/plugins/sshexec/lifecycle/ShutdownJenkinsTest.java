package io.jenkins.plugins.sshexec.lifecycle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
            assertThat(threads()).isNotEmpty();
            assertThat(connections()).hasSize(2);
        });

        try {
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(connections()).isEmpty();
                assertThat(threads()).isEmpty();
            });
        } finally {
            server.close();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("ssh-exec"))
                .toList();
    }

    /** Lines of proc(5)'s net/tcp, and tcp6 where the JVM prefers that, for connections of this process to the server. */
    private List<String> connections() throws IOException {
        String port = String.format(Locale.ROOT, ":%04X", server.endpoint().port());
        List<String> sockets;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            sockets = open.map(ShutdownJenkinsTest::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .toList();
        }
        try (Stream<String> lines = Stream.concat(
                Files.readAllLines(Path.of("/proc/self/net/tcp")).stream(),
                Files.readAllLines(Path.of("/proc/self/net/tcp6")).stream())) {
            return lines.map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields[2].endsWith(port) && sockets.contains(fields[9]))
                    .map(fields -> String.join(" ", fields))
                    .toList();
        }
    }

    /** What a file descriptor is; empty for one that was closed meanwhile. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
