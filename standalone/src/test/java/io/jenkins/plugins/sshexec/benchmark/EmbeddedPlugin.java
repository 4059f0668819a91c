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
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.RemoteCalls;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.exec.ExecRequest;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import io.jenkins.plugins.sshexec.core.transport.jsch.JschTransport;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The plugin with its default settings on an embedded controller. Of what a build waits for, only Jenkins's own part is
 * missing: the Pipeline engine around the step, and the real credentials store.
 */
final class EmbeddedPlugin implements AutoCloseable {

    private static final String CREDENTIALS = "benchmark";
    private static final LeaseHolder HOLDER = new LeaseHolder("benchmark", "benchmark #1", "");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Target target;
    private final EmbeddedController controller;
    private final Run<?, ?> build;

    private EmbeddedPlugin(Target target, EmbeddedController controller, Run<?, ?> build) {
        this.target = target;
        this.controller = controller;
        this.build = build;
    }

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
        try (SshSession session = transport().connect(spec(), LIMIT, new Cancellation())) {
            return session.facts().serverVersion();
        }
    }

    /** All that the step does, from its parameters to the lines in the log. */
    Contender step(String command) {
        TaskListener log = new StreamTaskListener(OutputStream.nullOutputStream(), StandardCharsets.UTF_8);
        String host = target.user() + "@" + target.endpoint();
        return new Contender("`sshExec`", () -> {
            ExecCall call = ExecCall.of(host, CREDENTIALS, command, null, false, ExecCall.Returned.NOTHING);
            RemoteCalls.exec(call, build, log, new Cancellation()).get().requireSuccess();
        });
    }

    /** The part of the step that knows no Jenkins: pool, transport, command. */
    Contender pooled(String command) {
        SshPoolService service = SshPoolService.get();
        return new Contender("its core: pool and transport", () -> {
            ExecRequest request = new ExecRequest(spec(), HOLDER, RemoteCommand.of(command), LIMIT, ExecLimits.NONE);
            requireSuccess(service.exec()
                    .run(request, new Unheard(), new Unheard(), new Cancellation())
                    .get()
                    .exit());
        });
    }

    /** The transport alone, with a session for each command. */
    Contender unpooled(String command) {
        SshTransport transport = transport();
        return new Contender("its transport, new session each time", () -> {
            try (SshSession session = transport.connect(spec(), LIMIT, new Cancellation())) {
                requireSuccess(session.start(RemoteCommand.of(command), new Unheard(), LIMIT, new Cancellation())
                        .exit()
                        .get());
            }
        });
    }

    private static SshTransport transport() {
        return new JschTransport(
                Duration.ZERO,
                task -> {
                    Thread reader = new Thread(task, "benchmark session");
                    reader.setDaemon(true);
                    return reader;
                },
                NanoClock.SYSTEM);
    }

    /** Made for each command, as the step does. */
    private SessionSpec spec() {
        return SessionSpec.of(
                target.endpoint(),
                target.login(),
                SshExecConfiguration.get().getHostKeyVerification().policy("benchmark"),
                SshPoolService.get().fingerprints());
    }

    private static void requireSuccess(RemoteExit exit) throws IOException {
        if (!exit.equals(new Exited(0))) {
            throw new IOException("The command ended with " + exit);
        }
    }

    @Override
    public void close() throws IOException {
        controller.close();
    }

    /** Takes no notice of what is said of a command, or of what it says. */
    private static final class Unheard implements ExecObserver, OutputSink {
        @Override
        public void waiting(int placeInLine) {}

        @Override
        public void paused() {}

        @Override
        public void connectingAgain(SshException failure) {}

        @Override
        public void starting(boolean reusedSession) {}

        @Override
        public void retrying(SshException failure) {}

        @Override
        public void survived(List<String> processes) {}

        @Override
        public void mayStillRun() {}

        @Override
        public void stdout(byte[] buffer, int offset, int length) {}

        @Override
        public void stderr(byte[] buffer, int offset, int length) {}
    }
}
