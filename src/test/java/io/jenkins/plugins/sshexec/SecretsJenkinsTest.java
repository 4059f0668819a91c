package io.jenkins.plugins.sshexec;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Result;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.freestyle.SshExecBuilder;
import io.jenkins.plugins.sshexec.hostkey.AcceptNewVerification;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/**
 * Looks for a password, a passphrase and a private key wherever they could have got to, after builds that succeeded, failed,
 * were aborted and were cut off by a restart. The model is {@code BindingStepTest} of the Credentials Binding plugin.
 */
class SecretsJenkinsTest {

    private static final String PASSPHRASE = "pass-phrase-of-the-key";

    /** Which must be held, or its level is forgotten. */
    private static final Logger PLUGIN = Logger.getLogger("io.jenkins.plugins.sshexec");

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private final TestKey key = TestKey.generate(TestKey.Type.ED25519, TestKey.Format.OPENSSH, PASSPHRASE);
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(new SimpleFormatter().format(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private OpenSshServer openSsh;
    private EmbeddedSshServer embedded;

    @BeforeEach
    void start() throws Exception {
        openSsh = OpenSshServer.start();
        openSsh.authorize(key);
        embedded = EmbeddedSshServer.start();
        embedded.runsRealProcesses();
        PLUGIN.setLevel(Level.ALL);
        PLUGIN.addHandler(recorder);
    }

    @AfterEach
    void stop() throws Exception {
        PLUGIN.removeHandler(recorder);
        PLUGIN.setLevel(null);
        embedded.close();
        openSsh.close();
    }

    @Test
    void noSecretIsAnywhere() throws Throwable {
        sessions.then(jenkins -> {
            configure();
            assertRemoteProcessesHaveNone(jenkins);
            succeed(jenkins);
            fail(jenkins);
            abort(jenkins);
            refuse(jenkins);
            freestyle(jenkins);
            startOneThatTheRestartCutsOff(jenkins);
            assertNoSecret("threads", threads());
            assertNoSecret("pool", SshPoolService.get().pool().snapshot().toString());
            assertNoSecret("export", export());
            assertPagesHaveNone(jenkins);
            assertThat(assertFilesHaveNone()).contains("program.dat"); // of the build that runs
        });
        sessions.then(jenkins -> {
            WorkflowRun cut =
                    jenkins.jenkins.getItemByFullName("cut", WorkflowJob.class).getLastBuild();
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(cut));
            assertFilesHaveNone();
        });
        assertThat(log).as("the plugin's log at its finest").isNotEmpty();
        assertNoSecret("log", String.join("", log));
    }

    private void configure() throws Exception {
        SshExecConfiguration.get().setHostKeyVerification(new AcceptNewVerification());
        SshJenkins.add(
                SshJenkins.system(),
                new BasicSSHUserPrivateKey(
                        CredentialsScope.GLOBAL,
                        "key",
                        OpenSshServer.user(),
                        new DirectEntryPrivateKeySource(key.privateText()),
                        PASSPHRASE,
                        "a key"));
        SshJenkins.add(
                SshJenkins.system(),
                new UsernamePasswordCredentialsImpl(
                        CredentialsScope.GLOBAL,
                        "password",
                        "a password",
                        EmbeddedSshServer.USER,
                        EmbeddedSshServer.PASSWORD));
    }

    /** On the machine of the server, which is this one. */
    private void assertRemoteProcessesHaveNone(JenkinsRule jenkins) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(define(jenkins, "ps", both("ps -ewwo args; env", "")));
        assertThat(JenkinsRule.getLog(run)).contains("ps -ewwo args", "PATH=");
    }

    private void succeed(JenkinsRule jenkins) throws Exception {
        jenkins.buildAndAssertSuccess(define(jenkins, "success", both("echo hello", ", returnResult: true")));
    }

    private void fail(JenkinsRule jenkins) throws Exception {
        jenkins.buildAndAssertStatus(Result.FAILURE, define(jenkins, "failure", both("exit 3", "")));
    }

    private void refuse(JenkinsRule jenkins) throws Exception {
        jenkins.buildAndAssertStatus(
                Result.FAILURE,
                define(
                        jenkins,
                        "refused",
                        "sshExec host: 'nobody@" + host(openSsh) + "', credentialsId: 'password', command: 'true'"));
    }

    private void abort(JenkinsRule jenkins) throws Exception {
        long before = openSsh.commands();
        WorkflowRun run = define(jenkins, "abort", keyStep("exec sleep 1000", ""))
                .scheduleBuild2(0)
                .waitForStart();
        await().until(() -> openSsh.commands() > before);
        run.getExecutor().interrupt();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
    }

    private void freestyle(JenkinsRule jenkins) throws Exception {
        SshExecBuilder builder = new SshExecBuilder(embedded.endpoint().toString(), "echo freestyle");
        builder.setCredentialsId("password");
        var project = jenkins.createFreeStyleProject("freestyle");
        project.getBuildersList().add(builder);
        jenkins.buildAndAssertSuccess(project);
    }

    private void startOneThatTheRestartCutsOff(JenkinsRule jenkins) throws Exception {
        long before = openSsh.commands();
        define(jenkins, "cut", keyStep("sleep 1000", "")).scheduleBuild2(0).waitForStart();
        await().until(() -> openSsh.commands() > before);
    }

    private String both(String command, String options) {
        return keyStep(command, options) + "\n" + "sshExec host: '" + embedded.endpoint()
                + "', credentialsId: 'password', command: '" + command + "'" + options;
    }

    private String keyStep(String command, String options) {
        return "sshExec host: '" + host(openSsh) + "', credentialsId: 'key', command: '" + command + "'" + options;
    }

    private static WorkflowJob define(JenkinsRule jenkins, String name, String script) throws IOException {
        return SshJenkins.define(jenkins.createProject(WorkflowJob.class, name), script);
    }

    private static String threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .toList()
                .toString();
    }

    private static String export() throws Exception {
        ByteArrayOutputStream yaml = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(yaml);
        String text = yaml.toString(StandardCharsets.UTF_8);
        assertThat(text).contains("sshExec:", "id: \"password\"");
        return text;
    }

    private void assertPagesHaveNone(JenkinsRule jenkins) throws Exception {
        for (String page : List.of(
                "manage/configure",
                "manage/credentials/",
                "pipeline-syntax/",
                "threadDump",
                "job/success/configure",
                "job/success/config.xml",
                "job/success/1/console",
                "job/success/1/flowGraphTable/",
                "job/failure/1/",
                "job/abort/1/console",
                "job/refused/1/console",
                "job/freestyle/configure",
                "job/freestyle/config.xml",
                "job/cut/1/threadDump/")) {
            JenkinsRule.WebClient browser = jenkins.createWebClient();
            browser.getOptions().setJavaScriptEnabled(false);
            assertNoSecret(
                    page,
                    browser.getPage(new URL(jenkins.getURL(), page))
                            .getWebResponse()
                            .getContentAsString());
        }
    }

    /** Returns the names of the files. */
    private List<String> assertFilesHaveNone() throws IOException {
        List<String> names = new ArrayList<>();
        Files.walkFileTree(Jenkins.get().getRootDir().toPath(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    try {
                        assertNoSecret(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                        names.add(file.getFileName().toString());
                    } catch (NoSuchFileException e) {
                        return visitFileFailed(file, e);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            /** A temporary file that is a file no more: what it became is visited too, or will be after the restart. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        assertThat(names).contains("credentials.xml", "log", "config.xml", "build.xml", "known_hosts");
        return names;
    }

    private void assertNoSecret(String where, String text) {
        String keyLine = key.privateText().lines().skip(3).findFirst().orElseThrow();
        // As it is, and as a file that is read byte by byte has it.
        String password = EmbeddedSshServer.PASSWORD;
        String bytes = new String(password.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (String secret : List.of(PASSPHRASE, keyLine, password, bytes)) {
            assertThat(text.contains(secret)).as("%s holds %s", where, secret).isFalse();
        }
    }
}
