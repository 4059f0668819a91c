package io.jenkins.plugins.sshexec.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.transfer.FileTransfer;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The controller on which many cells of the matrix run at once, each with a host of its own. Thread-safe. */
final class FaultController implements AutoCloseable {

    private static final Logger PLUGIN = Logger.getLogger("io.jenkins.plugins.sshexec");

    /** The package of all that works on a transfer. */
    private static final String TRANSFERS = FileTransfer.class.getPackageName() + ".";

    private final EmbeddedController controller;
    private final Warnings warnings = new Warnings();

    /** Lines of known_hosts. Guarded by this. */
    private final Map<String, String> known = new TreeMap<>();

    /** That were a host's once. Guarded by this. */
    private final Set<Endpoint> used = new HashSet<>();

    private FaultController(Path home) throws IOException, InterruptedException {
        controller = EmbeddedController.start(home);
        PLUGIN.addHandler(warnings);
    }

    static FaultController start(Path home, Fault.Patience patience) throws Exception {
        FaultController started = new FaultController(home);
        try {
            SshExecConfiguration settings = SshExecConfiguration.get();
            settings.setConnectTimeoutSeconds(patience.connectTimeoutSeconds());
            settings.setSessionsPerHost(2);
            settings.setChannelsPerSession(2);
            KnownHostsFileVerification verification = new KnownHostsFileVerification();
            verification.setFile(started.knownHosts().toString());
            settings.setHostKeyVerification(verification);
            started.add("right", EmbeddedSshServer.PASSWORD);
            started.add("wrong", "wrong");
            return started;
        } catch (Exception e) {
            started.close();
            throw e;
        }
    }

    EmbeddedJob job(String name) throws IOException {
        return controller.jenkins().add(new EmbeddedJob(controller.jenkins(), name), name);
    }

    /** Of the job of that name. */
    Path workspace(String job) {
        return controller.jenkins().getRootDir().toPath().resolve("workspace").resolve(job);
    }

    /** A proxy that the pool knows nothing of, as it would of one whose port was another's before. */
    synchronized TcpProxy proxyTo(Endpoint server) throws IOException {
        while (true) {
            TcpProxy proxy = TcpProxy.to(server);
            if (used.add(proxy.endpoint())) {
                return proxy;
            }
            proxy.close();
        }
    }

    /** Lets this be the host's key in known_hosts, which is read at each connect. */
    synchronized void trust(Endpoint host, HostKey key) throws IOException {
        String blob = Base64.getEncoder().encodeToString(key.blob());
        known.put(host.knownHostsName(), host.knownHostsName() + " " + key.type() + " " + blob);
        Path next = knownHosts().resolveSibling("known_hosts.next");
        Files.write(next, known.values());
        Files.move(next, knownHosts(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path knownHosts() {
        return controller.jenkins().getRootDir().toPath().resolve("known_hosts");
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

    /** When all cells are done: every session opened is idle or retired, no thread outlives the end, and nobody was warned. */
    void assertThatNothingIsLeft() throws IOException {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(FaultController::assertThatTheSumsAreRight);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().values())
                        .as("threads that copy")
                        .noneMatch(frames -> Stream.of(frames)
                                .anyMatch(frame -> frame.getClassName().startsWith(TRANSFERS))));
        controller.close();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(threads("ssh-exec")).isEmpty());
        assertThat(warnings.seen).isEmpty();
    }

    private static void assertThatTheSumsAreRight() {
        PoolSnapshot snapshot = SshPoolService.get().pool().snapshot();
        int idle = snapshot.hosts().stream()
                .mapToInt(PoolSnapshot.Host::sessionsIdle)
                .sum();
        long retired =
                snapshot.retired().values().stream().mapToLong(Long::longValue).sum();
        assertThat(snapshot.opened()).isEqualTo(idle + retired);
    }

    static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(each -> each.startsWith(name))
                .toList();
    }

    @Override
    public void close() throws IOException {
        PLUGIN.removeHandler(warnings);
        controller.close();
    }

    /** What the plugin has to say to the administrator of failures that are the build's. */
    private static final class Warnings extends Handler {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                seen.add(line.getLoggerName() + ": " + line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
