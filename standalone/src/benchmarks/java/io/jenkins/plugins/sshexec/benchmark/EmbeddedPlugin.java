package io.jenkins.plugins.sshexec.benchmark;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.call.CallResult;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.RemoteCalls;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.jsch.JschTransport;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code sshExec} itself: all that the step does, from its parameters to the lines in the log, on an embedded controller.
 * Of what a build waits for, only Jenkins's own part is missing: the Pipeline engine around the step, and the real
 * credentials store. There is one at a time.
 */
final class EmbeddedPlugin implements Peer {

    private static final String CREDENTIALS = "benchmark";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Target target;
    private final EmbeddedController controller;
    private final Run<?, ?> build;

    private EmbeddedPlugin(Target target, EmbeddedController controller, Run<?, ?> build) {
        this.target = target;
        this.controller = controller;
        this.build = build;
    }

    /** With default settings, apart from the host keys. */
    static EmbeddedPlugin start(Target target) throws IOException, InterruptedException {
        EmbeddedController controller = EmbeddedController.start(target.file("jenkins"));
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile(target.knownHosts().toString());
        SshExecConfiguration.get().setHostKeyVerification(verification);
        for (CredentialsStore store : CredentialsProvider.lookupStores(controller.jenkins())) {
            store.addCredentials(
                    Domain.global(),
                    new BasicSSHUserPrivateKey(
                            CredentialsScope.GLOBAL,
                            CREDENTIALS,
                            target.user(),
                            new DirectEntryPrivateKeySource(target.privateKey()),
                            null,
                            null));
        }
        EmbeddedJob job = controller.jenkins().add(new EmbeddedJob(controller.jenkins(), "benchmark"), "benchmark");
        return new EmbeddedPlugin(target, controller, new EmbeddedRun(job));
    }

    /** The version that the server names. */
    String serverVersion() throws SshException {
        try (SshSession session = connect()) {
            return session.facts().serverVersion();
        }
    }

    @Override
    public String name() {
        return "`sshExec`";
    }

    @Override
    public long exec(String command) throws Exception {
        long start = System.nanoTime();
        run(target.endpoint().host(), command);
        return System.nanoTime() - start;
    }

    /** A first command: there is no session to the host. */
    @Override
    public long connect(String command) throws Exception {
        SshPoolService.get().operations().drain(target.endpoint());
        return exec(command);
    }

    /** By another name of the server, so that nothing that is done to its other sessions touches these. */
    KeptReady keptReady() throws IOException {
        Endpoint way = new Endpoint("localhost", target.endpoint().port());
        target.know(way);
        return new KeptReady(this, way, target.user(), CREDENTIALS);
    }

    @Override
    public Burst burst(List<String> hosts, int commands, int concurrency, String command) throws Exception {
        return Bursts.run(hosts, commands, concurrency, host -> run(host, command));
    }

    @Override
    public long output(Path log, String command) throws Exception {
        long start = System.nanoTime();
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(log), 8192)) {
            begin(target.endpoint().host(), command, new StreamTaskListener(file, StandardCharsets.UTF_8))
                    .get()
                    .requireSuccess();
        }
        return System.nanoTime() - start;
    }

    private void run(String host, String command) throws Exception {
        begin(host, command).get().requireSuccess();
    }

    /** Begins a command as a step does. */
    CompletableFuture<CallResult> begin(String host, String command) throws IOException {
        return begin(host, command, new StreamTaskListener(OutputStream.nullOutputStream(), StandardCharsets.UTF_8));
    }

    private CompletableFuture<CallResult> begin(String host, String command, TaskListener log) throws IOException {
        String destination =
                target.user() + "@" + new Endpoint(host, target.endpoint().port());
        return begin(destination, CREDENTIALS, command, log);
    }

    private CompletableFuture<CallResult> begin(
            String destination, String credentialsId, String command, TaskListener log) throws IOException {
        ExecCall call = ExecCall.of(destination, credentialsId, command, null, false, ExecCall.Returned.NOTHING);
        return RemoteCalls.exec(call, build, log, new Cancellation());
    }

    /** Begins a command on a host that the configuration knows. */
    CompletableFuture<CallResult> beginOnNamed(String name, String command) throws IOException {
        return begin(
                name, null, command, new StreamTaskListener(OutputStream.nullOutputStream(), StandardCharsets.UTF_8));
    }

    /** A session of its own, beside the pool. */
    SshSession connect() throws SshException {
        JschTransport transport = new JschTransport(
                Duration.ZERO,
                task -> {
                    Thread reader = new Thread(task, "benchmark session");
                    reader.setDaemon(true);
                    return reader;
                },
                NanoClock.SYSTEM);
        return transport.connect(spec(), LIMIT, new Cancellation());
    }

    /** What the pool knows the sessions of {@link #exec} by. */
    SessionSpec spec() {
        return SessionSpec.of(
                target.endpoint(),
                target.login(),
                SshExecConfiguration.get().getHostKeyVerification().policy("benchmark"),
                SshPoolService.get().fingerprints());
    }

    @Override
    public void close() throws IOException {
        controller.close();
    }
}
