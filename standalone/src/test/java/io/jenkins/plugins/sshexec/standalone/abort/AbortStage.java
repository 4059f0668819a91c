package io.jenkins.plugins.sshexec.standalone.abort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.standalone.pipeline.PipelineScript;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One abort of one build: its job, its hosts, and what aborts it. */
final class AbortStage implements AutoCloseable {

    /** Longer than anything takes that comes at all, however busy the machine. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final EmbeddedController controller;
    private final String name = "job-" + UUID.randomUUID();
    private final EmbeddedJob job;
    private final Deque<AutoCloseable> hosts = new ArrayDeque<>();
    private final CountDownLatch abort = new CountDownLatch(1);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private AbortStage(EmbeddedController controller) throws IOException {
        this.controller = controller;
        this.job = controller.jenkins().add(new EmbeddedJob(controller.jenkins(), name), name);
    }

    static AbortStage set(EmbeddedController controller) throws IOException {
        return new AbortStage(controller);
    }

    /** Closes it with the stage, the last one first. */
    <T extends AutoCloseable> T with(T host) {
        hosts.push(host);
        return host;
    }

    EmbeddedSshServer server() throws IOException {
        return with(EmbeddedSshServer.start());
    }

    TcpProxy proxyTo(EmbeddedSshServer server) throws IOException {
        return with(TcpProxy.to(server.endpoint()));
    }

    /** What a step needs to run commands on that server, which is closed with the stage. */
    String on(OpenSshServer server) throws Exception {
        with(server);
        String id = "key-of-" + name;
        add(
                controller,
                new BasicSSHUserPrivateKey(
                        CredentialsScope.GLOBAL,
                        id,
                        server.login().user(),
                        new DirectEntryPrivateKeySource(server.userKey().privateText()),
                        "",
                        null));
        return "host: '" + server.endpoint() + "', credentialsId: '" + id + "'";
    }

    static void add(EmbeddedController controller, StandardCredentials credentials) throws Exception {
        CredentialsProvider.lookupStores(controller.jenkins())
                .iterator()
                .next()
                .addCredentials(Domain.global(), credentials);
    }

    /** A new file of so many bytes in the workspace. */
    void file(String file, int bytes) throws IOException {
        Path workspace = controller.jenkins().getRootDir().toPath().resolve("workspace");
        Files.write(Files.createDirectories(workspace.resolve(name)).resolve(file), new byte[bytes]);
    }

    /** Starts the build, in which all that is to be aborted is the given step, or block. */
    void begin(String step) throws IOException {
        EmbeddedSshServer aborter = server();
        aborter.runs(call -> {
            abort.await();
            call.exit(1);
        });
        String branches = "node { parallel aborted: { " + step + " }, aborter: { sshExec host: '" + aborter.endpoint()
                + "', credentialsId: 'login', command: 'abort' }, failFast: true }";
        start(branches, ended);
        await().atMost(LIMIT).until(() -> !aborter.commands().isEmpty());
    }

    /** Starts a build of another job, which goes on. */
    void beginNeighbour(String step) {
        start(step, new CompletableFuture<>());
    }

    private void start(String script, CompletableFuture<Void> end) {
        Thread thread = new Thread(
                () -> {
                    try {
                        new PipelineScript("Jenkinsfile", script)
                                .run(
                                        new EmbeddedRun(job),
                                        new StreamTaskListener(log, StandardCharsets.UTF_8),
                                        Map.of());
                        end.complete(null);
                    } catch (IOException | RuntimeException | Error e) {
                        end.completeExceptionally(e);
                    }
                },
                "build of " + name);
        thread.setDaemon(true);
        thread.start();
    }

    void awaitLog(String text) {
        await().atMost(LIMIT).until(() -> log().contains(text));
    }

    /** Waits until the server has got the command, or the wish for files. */
    static void awaitCommand(EmbeddedSshServer server, String command) {
        await().atMost(LIMIT).until(() -> server.commands().contains(command));
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    /** Aborts the step, and waits for the end of the build. Returns how long that took. */
    Duration abort() throws Exception {
        assertThat(ended).as(log()).isNotDone();
        long startNanos = System.nanoTime();
        abort.countDown();
        ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        assertThat(log())
                .contains("Failed in branch aborter", "Failed in branch aborted")
                .doesNotContain("\tat ");
        return took;
    }

    /** Whether it is the script that ends another command. */
    static boolean endsAnother(RemoteCall call) {
        return call.command().startsWith("exec /bin/sh");
    }

    @Override
    public void close() throws Exception {
        abort.countDown();
        while (!hosts.isEmpty()) {
            hosts.pop().close();
        }
    }
}
