package io.jenkins.plugins.sshexec.step;

import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.host;
import static io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import hudson.util.Secret;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.jenkins.SshJenkins;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step on a real Jenkins and a real OpenSSH server. */
@WithJenkins
class SshExecStepJenkinsTest {

    private JenkinsRule jenkins;
    private OpenSshServer server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = SshJenkins.startServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void formKeepsEverything() throws Exception {
        SshExecStep step = new SshExecStep("first\nsecond 'quoted' $dollar");
        step.setHost("me@web1:2222");
        step.setCredentialsId("web");
        step.setQuiet(true);
        step.setReturnStdout(true);
        step.setEncoding("ISO-8859-1");
        step.setTimeoutSeconds(600);
        step.setIdleTimeoutSeconds(60);
        step.setDurable(true);
        step.setDurableDirectory("/var/tmp/jenkins");
        step.setWorkingDirectory("/srv/shop");
        step.setEnv(List.of("FIRST=a = 'b'", "SECOND=[c]"));
        step.setPty("120x40");
        step.setStdin("one\ntwo");
        step.setStdinFile("data");
        step.setSudo(true);
        step.setSudoUser("postgres");
        step.setSudoCredentialsId("deploy-password");
        step.setLabel("Look");
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
        SshExecStep plain = new SshExecStep("uptime");
        jenkins.assertEqualDataBoundBeans(plain, new StepConfigTester(jenkins).configRoundTrip(plain));
    }

    @Test
    void everyFieldOfTheFormHasHelp() throws Exception {
        List<String> fields = new DescribableModel<>(SshExecStep.class)
                .getParameters().stream().map(DescribableParameter::getName).toList();
        assertThat(fields).contains("host", "command", "quiet", "durable");
        for (String field : fields) {
            String path = "descriptor/" + SshExecStep.class.getName() + "/help/" + field;
            assertThat(jenkins.createWebClient()
                            .goTo(path, "text/html")
                            .getWebResponse()
                            .getContentAsString())
                    .as(field)
                    .isNotBlank();
        }
    }

    @Test
    void formKeepsManyHosts() throws Exception {
        SshExecStep step = new SshExecStep("uptime");
        step.setHosts(List.of("me@web1:2222", "web2"));
        step.setMaxParallel(1);
        step.setFailFast(true);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
        new SnippetizerTester(jenkins)
                .assertRoundTrip(
                        step,
                        "sshExec command: 'uptime', failFast: true, hosts: ['me@web1:2222', 'web2'], maxParallel: 1");
        SshExecStep labelled = new SshExecStep("uptime");
        labelled.setHostsLabel("web");
        jenkins.assertEqualDataBoundBeans(labelled, new StepConfigTester(jenkins).configRoundTrip(labelled));
        new SnippetizerTester(jenkins).assertRoundTrip(labelled, "sshExec command: 'uptime', hostsLabel: 'web'");
    }

    @Test
    void snippetsAreShort() throws Exception {
        SshExecStep step = new SshExecStep("uptime");
        SnippetizerTester snippets = new SnippetizerTester(jenkins);
        snippets.assertRoundTrip(step, "sshExec 'uptime'");
        step.setHost("web1");
        snippets.assertRoundTrip(step, "sshExec command: 'uptime', host: 'web1'");
        step.setCredentialsId("web");
        step.setReturnResult(true);
        snippets.assertRoundTrip(
                step, "sshExec command: 'uptime', credentialsId: 'web', host: 'web1', returnResult: true");
        SshExecStep durable = new SshExecStep("./migrate.sh");
        durable.setDurable(true);
        durable.setDurableDirectory("/var/tmp/jenkins");
        durable.setTimeoutSeconds(600);
        durable.setIdleTimeoutSeconds(60);
        snippets.assertRoundTrip(
                durable,
                "sshExec command: './migrate.sh', durable: true, durableDirectory: '/var/tmp/jenkins', "
                        + "idleTimeoutSeconds: 60, timeoutSeconds: 600");
    }

    @Test
    void snippetsHaveVariablesAsAListAndATerminalByItsSize() throws Exception {
        SshExecStep step = new SshExecStep("uptime");
        step.setEnv(List.of("A=b"));
        step.setPty("true");
        step.setSudo(true);
        new SnippetizerTester(jenkins)
                .assertRoundTrip(step, "sshExec command: 'uptime', env: ['A=b'], pty: 'true', sudo: true");
    }

    @Test
    void inputComesFromTheWorkspaceOfAnAgent() throws Exception {
        jenkins.createOnlineSlave(hudson.model.Label.get("remote"));
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                jenkins,
                "node('remote') { writeFile file: 'data', text: 'x' * 3000000; sshExec host: '" + host(server)
                        + "', stdinFile: 'data', command: 'wc -c' }"));
        jenkins.assertLogContains("\n3000000\n", run);
    }

    @Test
    void variablesThatWithCredentialsBindsAreMaskedInLogAndRecords() throws Exception {
        SshJenkins.add(
                SshJenkins.system(),
                new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", null, Secret.fromString("s3cret-token")));
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                jenkins,
                "withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { sshExec host: '" + host(server)
                        + "', env: [TOKEN: TOKEN], command: 'echo \"<$TOKEN>\"; echo ${#TOKEN}' }"));
        jenkins.assertLogContains("<****>\n12\n", run);
        try (Stream<Path> files = Files.walk(run.getRootDir().toPath())) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain("s3cret-token"));
        }
    }

    @Test
    void twoJobsShareOneSession() throws Exception {
        String script = "sshExec host: '" + host(server) + "', command: 'echo hello'";
        WorkflowRun first = jenkins.buildAndAssertSuccess(pipeline(jenkins, script));
        WorkflowRun second = jenkins.buildAndAssertSuccess(pipeline(jenkins, script));
        jenkins.assertLogContains("(new session)", first);
        jenkins.assertLogContains("(reused session)", second);
        assertThat(server.logins()).isEqualTo(1);
    }

    @Test
    void folderCredentialsWithOneIdNeverShareASession() throws Exception {
        String script = "sshExec host: '" + host(server) + "', credentialsId: 'deploy', command: 'echo hello'";
        WorkflowRun[] runs = new WorkflowRun[2];
        for (int i = 0; i < runs.length; i++) {
            Folder folder = jenkins.createProject(Folder.class, "team" + i);
            TestKey key = TestKey.generate(TestKey.Type.ED25519);
            server.authorize(key);
            SshJenkins.add(SshJenkins.folderStore(folder), SshJenkins.key("deploy", OpenSshServer.user(), key));
            WorkflowJob job = SshJenkins.define(folder.createProject(WorkflowJob.class, "job"), script);
            runs[i] = jenkins.buildAndAssertSuccess(job);
        }
        jenkins.assertLogContains("(new session)", runs[0]);
        jenkins.assertLogContains("(new session)", runs[1]);
        assertThat(server.logins()).isEqualTo(2);
    }

    @Test
    void credentialsOfAnotherFolderAreNotFound() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, "team");
        SshJenkins.add(
                SshJenkins.folderStore(folder), SshJenkins.key("theirs", OpenSshServer.user(), server.userKey()));
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                pipeline(jenkins, "sshExec host: '" + host(server) + "', credentialsId: 'theirs', command: 'true'"));
        jenkins.assertLogContains("There are no credentials \"theirs\" that this build may use", run);
    }

    @Test
    void useOfCredentialsIsTracked() throws Exception {
        WorkflowJob job = pipeline(jenkins, "sshExec host: '" + host(server) + "', command: 'true'");
        jenkins.buildAndAssertSuccess(job);
        Fingerprint used = CredentialsProvider.getFingerprintOf(SshJenkins.system()
                .getCredentials(SshJenkins.system().getDomainByName("ssh"))
                .get(0));
        assertThat(used).isNotNull();
        assertThat(used.getJobs()).contains(job.getFullName());
    }

    /** Each record is a file that is written anew, which takes longer than a command. */
    @Test
    void useOfCredentialsIsRecordedOnceForABuildAndToldToListenersEachTime() throws Exception {
        AtomicInteger told = new AtomicInteger();
        ExtensionList.lookup(CredentialsUseListener.class).add(new CredentialsUseListener() {
            @Override
            public void onUse(Credentials used, Run run) {
                told.incrementAndGet();
            }

            @Override
            public void onUse(Credentials used, Node node) {
                throw new AssertionError("The use is a build's");
            }

            @Override
            public void onUse(Credentials used, Item item) {
                throw new AssertionError("The use is a build's");
            }
        });
        AtomicInteger records = new AtomicInteger();
        ExtensionList.lookup(SaveableListener.class).add(new SaveableListener() {
            @Override
            public void onChange(Saveable changed, XmlFile file) {
                if (changed instanceof Fingerprint) {
                    records.incrementAndGet();
                }
            }
        });
        String command = "sshExec host: '" + host(server) + "', command: 'true'\n";
        jenkins.buildAndAssertSuccess(pipeline(jenkins, command.repeat(3)));
        // The credentials plugin saves once for the new record, and once for the build.
        assertThat(records.get()).isBetween(1, 2);
        assertThat(told).hasValue(3);
    }

    @Test
    void stoppingTheBuildStopsTheStep() throws Exception {
        Path started = server.directory().resolve("started");
        WorkflowJob job = pipeline(
                jenkins, "sshExec host: '" + host(server) + "', command: 'touch " + started + "; exec sleep 1000'");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        await().until(() -> Files.exists(started));
        run.getExecutor().interrupt();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        await().untilAsserted(() ->
                assertThat(SshPoolService.get().pool().snapshot().hosts()).allMatch(host -> host.leases() == 0));
    }

    @Test
    void waitingIsToldWithThePlaceInLine() throws Exception {
        SshExecConfiguration.get().setSessionsPerHost(1);
        SshExecConfiguration.get().setChannelsPerSession(1);
        Path go = server.directory().resolve("go");
        WorkflowJob job = pipeline(
                jenkins,
                "parallel a: { sshExec host: '" + host(server) + "', command: 'until [ -e " + go
                        + " ]; do sleep 0.05; done' }, b: { sshExec host: '" + host(server) + "', command: 'true' }");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Waiting for a session to 127.0.0.1, number 1 in line.", run);
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void outputIsCompleteInsideANodeBlockOnAnAgent() throws Exception {
        jenkins.createOnlineSlave(hudson.model.Label.get("remote"));
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                jenkins, "node('remote') { sshExec host: '" + host(server) + "', command: 'printf last-words' }"));
        jenkins.assertLogContains("last-words\n", run);
    }

    @Test
    void noSecretIsInTheBuildDirectoryWhileTheCommandRunsAndAfterwards() throws Exception {
        Path go = server.directory().resolve("go");
        WorkflowRun run = pipeline(
                        jenkins,
                        "sshExec host: '" + host(server) + "', command: 'until [ -e " + go + " ]; do sleep 0.05; done'")
                .scheduleBuild2(0)
                .waitForStart();
        await().until(() -> server.commands() == 1);
        ((CpsFlowExecution) run.getExecution()).waitForSuspension();
        assertNoSecretIn(run.getRootDir().toPath());
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertNoSecretIn(run.getRootDir().toPath());
    }

    private void assertNoSecretIn(Path directory) throws IOException {
        String secret =
                server.userKey().privateText().lines().skip(1).findFirst().orElseThrow();
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile))
                    .anyMatch(file -> file.endsWith("program.dat") || file.endsWith("log"))
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(secret));
        }
    }

    @Test
    void aRunningCommandHoldsNoWorker() throws Exception {
        SshExecConfiguration.get().setSessionsPerHost(20);
        Path go = server.directory().resolve("go");
        WorkflowRun run = pipeline(
                        jenkins,
                        "def b = [:]; for (int i = 0; i < 20; i++) { b[\"c$i\"] = { sshExec host: '" + host(server)
                                + "', command: 'until [ -e " + go + " ]; do sleep 0.2; done' } }; parallel b")
                .scheduleBuild2(0)
                .waitForStart();
        await().atMost(Duration.ofSeconds(60)).until(() -> server.commands() == 20);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().entrySet())
                .filteredOn(thread -> thread.getKey().getName().startsWith("ssh-exec worker"))
                .allSatisfy(worker -> assertThat(worker.getValue())
                        .noneMatch(frame -> frame.getClassName().startsWith("io.jenkins.plugins.sshexec"))));
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void anOpenSessionIsNotUsedAgainOnceItsHostKeyIsRevoked() throws Exception {
        String script = "sshExec host: '" + host(server) + "', command: 'true'";
        jenkins.buildAndAssertSuccess(pipeline(jenkins, script));
        Path knownHosts = jenkins.jenkins.getRootDir().toPath().resolve("known_hosts");
        Files.writeString(knownHosts, "@revoked " + Files.readString(knownHosts));
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, pipeline(jenkins, script));
        jenkins.assertLogContains("The host key of " + host(server) + " is revoked", run);
        assertThat(SshPoolService.get().pool().snapshot().retired()).containsEntry(RetireReason.UNTRUSTED, 1L);
    }
}
