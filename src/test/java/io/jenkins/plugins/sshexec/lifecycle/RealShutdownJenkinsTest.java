package io.jenkins.plugins.sshexec.lifecycle;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.knownHostsLine;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.testing.Leftovers;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * When Jenkins stops, the plugin has ended its threads and closed its connections before the process exits, rather than
 * left that to the exit; and the next process runs commands. As users have it: a Jenkins from the WAR in a process of
 * its own, each plugin with its own class loader.
 *
 * <p>This is an upgrade of the plugin as well: Jenkins does not exchange a plugin that is loaded, so a new version
 * takes effect with a restart of Jenkins only, and nothing of the old one goes on then.
 */
@EnabledOnOs(OS.LINUX)
class RealShutdownJenkinsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Well below the time after which idle threads end by themselves, which would prove nothing. */
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    private OpenSshServer server;

    /** Written by the process that ends. */
    private Path report;

    @BeforeEach
    void start() throws IOException {
        server = OpenSshServer.start();
        report = server.directory().resolve("leftovers");
    }

    @AfterEach
    void stop() throws IOException {
        // The extension itself would take the exit status of SIGTERM for a failure.
        jenkins.stopJenkinsForcibly();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void neitherThreadsNorConnectionsAreLeftWhenTheProcessExitsAndTheNextOneRunsCommands() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(
                RealShutdownJenkinsTest::setUp, new Server(host(server), knownHostsLine(server), server.userKey()));
        long pid = useSessions();

        // As an administrator who lets Jenkins quiet down first.
        jenkins.stopJenkins();

        assertNothingWasLeft(pid);

        jenkins.startJenkins();
        pid = useSessions();

        // As systemd and others that supervise services: SIGTERM.
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        assertThat(process.destroy()).isTrue();
        process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);

        assertNothingWasLeft(pid);
    }

    /**
     * Leaves two sessions open, one of them used before, each with a command that runs.
     *
     * @return the process of Jenkins
     */
    private long useSessions() throws Throwable {
        long before = server.commands();
        jenkins.runRemotely(RealShutdownJenkinsTest::runCommands, host(server));
        await().atMost(LIMIT).until(() -> server.commands() == before + 3);
        int port = server.endpoint().port();
        return jenkins.runRemotely(RealShutdownJenkinsTest::reportAtExit, port, report.toString());
    }

    private void assertNothingWasLeft(long pid) throws IOException {
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(report).hasContent("Leftovers[threads=[], connections=[]]");
        Files.delete(report);
    }

    private static void setUp(JenkinsRule rule, Server server) throws IOException {
        SshJenkins.trust(server.knownHostsLine());
        SshExecConfiguration.get().setChannelsPerSession(1);
        SshJenkins.addLogin(server.host(), server.userKey(), "web");
    }

    private static void runCommands(JenkinsRule rule, String host) throws Exception {
        rule.buildAndAssertSuccess(pipeline(rule, "sshExec host: '" + host + "', command: 'true'"));
        // One command that runs, on the session of before, and one that is on its own way to the server.
        String forever = "sshExec host: '" + host + "', command: 'sleep 600'";
        pipeline(rule, "parallel a: { " + forever + " }, b: { " + forever + " }")
                .scheduleBuild2(0)
                .waitForStart();
    }

    /** @return the process of Jenkins */
    private static long reportAtExit(JenkinsRule rule, int port, String report) throws IOException {
        Leftovers now = Leftovers.of(port);
        assertThat(now.threads()).isNotEmpty();
        assertThat(now.connections()).hasSize(2);
        // Hooks run side by side; Jenkins itself ends in another one where a signal stops it.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitAndReport(port, Path.of(report)), "leftovers"));
        return ProcessHandle.current().pid();
    }

    private static void awaitAndReport(int port, Path report) {
        try {
            try {
                await().atMost(END_LIMIT).until(() -> Leftovers.of(port).none());
            } catch (ConditionTimeoutException e) {
                // What is left goes into the report.
            }
            Files.writeString(report, Leftovers.of(port).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Jenkins has to know of the server, which runs beside the test. */
    private record Server(String host, String knownHostsLine, TestKey userKey) implements Serializable {}
}
