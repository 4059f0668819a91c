package io.jenkins.plugins.sshexec.standalone.faults;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.standalone.pipeline.PipelineScript;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A controller, a server, and a network between them that can be broken; one for each cell of the matrix. */
final class FaultStage implements AutoCloseable {

    /** The session on which the command comes. */
    enum SessionKind {
        /** There is none yet. */
        NEW,
        /** One on which an earlier build ran a command. */
        REUSED,
        /** One on which another build's command runs. */
        SHARED
    }

    /** What a build has given. */
    record Build(String result, String log) {}

    private final SessionKind kind;
    private final EmbeddedSshServer server;
    private final TcpProxy proxy;
    private final EmbeddedController controller;
    private final EmbeddedJob job;
    private final CountDownLatch neighbourMayEnd = new CountDownLatch(1);

    private String credentials = "right";
    private String command = "say";
    private String parameter = "";
    private String around = "%s";

    private FaultStage(Path home, SessionKind kind) throws Exception {
        this.kind = kind;
        this.server = EmbeddedSshServer.start();
        this.proxy = TcpProxy.to(server.endpoint());
        this.controller = EmbeddedController.start(home);
        this.job = controller.jenkins().add(new EmbeddedJob(controller.jenkins(), "faults"), "faults");
        server.runs(this::serve);
    }

    static FaultStage set(Path home, SessionKind kind) throws Exception {
        FaultStage stage = new FaultStage(home, kind);
        try {
            SshExecConfiguration settings = SshExecConfiguration.get();
            settings.setConnectTimeoutSeconds(20);
            settings.setSessionsPerHost(2);
            settings.setChannelsPerSession(2);
            stage.trust(stage.server.hostKey());
            stage.add("right", EmbeddedSshServer.PASSWORD);
            stage.add("wrong", "wrong");
            return stage;
        } catch (Exception e) {
            stage.close();
            throw e;
        }
    }

    SessionKind kind() {
        return kind;
    }

    EmbeddedSshServer server() {
        return server;
    }

    TcpProxy proxy() {
        return proxy;
    }

    String host() {
        return proxy.endpoint().toString();
    }

    void credentials(String id) {
        credentials = id;
    }

    void command(String line) {
        command = line;
    }

    /** One more parameter of the step. */
    void parameter(String groovy) {
        parameter = ", " + groovy;
    }

    /** A block for the step, which is {@code %s} in it. */
    void around(String groovy) {
        around = groovy;
    }

    void connectTimeoutSeconds(int seconds) {
        SshExecConfiguration.get().setConnectTimeoutSeconds(seconds);
    }

    void trustAnotherKey() throws IOException {
        trust(TestKey.generate(TestKey.Type.ED25519).toHostKey());
    }

    /** Runs the command in a build of its own. */
    Build build() throws IOException {
        return run(around.formatted(step(credentials, command, parameter)));
    }

    /** A build with a command that ends well. */
    Build buildBefore() throws IOException {
        return run(step("right", "say", ""));
    }

    /** A build with a command that ends when it is allowed to. */
    Build neighbour() throws IOException {
        return run(step("right", "neighbour", ""));
    }

    void endNeighbour() {
        neighbourMayEnd.countDown();
    }

    private String step(String id, String line, String more) {
        return "sshExec host: '" + host() + "', credentialsId: '" + id + "', command: '" + line + "'" + more;
    }

    private Build run(String script) throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        String result = new PipelineScript("Jenkinsfile", script)
                .run(new EmbeddedRun(job), new StreamTaskListener(log, StandardCharsets.UTF_8), Map.of())
                .toString();
        return new Build(result, log.toString(StandardCharsets.UTF_8));
    }

    private void serve(RemoteCall call) throws Exception {
        String[] words = call.command().split(" ");
        switch (words[0]) {
            case "say" -> call.stdout("said\n").exit(0);
            case "neighbour" -> {
                call.stdout("next door\n");
                neighbourMayEnd.await();
                call.exit(0);
            }
            case "half" -> call.stdout("half a line").dropConnection();
            case "pause" -> {
                call.stdout("before\n");
                proxy.awaitQuiet();
                proxy.pause();
            }
            case "until-term" -> call.stdout("until TERM\n").signalled(call.awaitSignal());
            case "exit" -> call.exit(Integer.parseInt(words[1]));
            case "kill" -> call.signalled(words[1]);
            default -> call.exit(127);
        }
    }

    private void trust(HostKey key) throws IOException {
        Path file = controller.jenkins().getRootDir().toPath().resolve("known_hosts");
        String blob = Base64.getEncoder().encodeToString(key.blob());
        Files.writeString(file, proxy.endpoint().knownHostsName() + " " + key.type() + " " + blob + "\n");
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile(file.toString());
        SshExecConfiguration.get().setHostKeyVerification(verification);
    }

    private void add(String id, String password) throws Exception {
        CredentialsStore store = CredentialsProvider.lookupStores(controller.jenkins())
                .iterator()
                .next();
        store.addCredentials(
                Domain.global(),
                new UsernamePasswordCredentialsImpl(
                        CredentialsScope.GLOBAL, id, null, EmbeddedSshServer.USER, password));
    }

    @Override
    public void close() throws IOException {
        endNeighbour();
        controller.close();
        proxy.close();
        server.close();
    }
}
