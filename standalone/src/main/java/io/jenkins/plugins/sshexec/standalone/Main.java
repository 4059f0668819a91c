package io.jenkins.plugins.sshexec.standalone;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainSpecification;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Descriptor.FormException;
import hudson.model.Result;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.standalone.pipeline.PipelineScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.io.FileUtils;

/** Runs the {@code sshExec} steps of a Jenkinsfile on this machine, without a Jenkins: see {@link Options#USAGE}. */
public final class Main {
    /** Kept, or the level set on it would be lost with it. */
    private static final Logger SERVER_LOGGER = Logger.getLogger("org.apache.sshd");

    private final Options options;
    private final PrintStream out;

    Main(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Ends with status 1 where a build fails, and 2 where the command line is wrong. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        SERVER_LOGGER.setLevel(Level.SEVERE);
        // Given by the build: Maven's own directory may be any.
        Path examples = Path.of(System.getProperty("ssh-exec.examples", "examples"));
        Options options;
        try {
            options = Options.parse(examples, arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.print(Options.USAGE);
            return;
        }
        try {
            if (!new Main(options, System.out).run()) {
                System.exit(1);
            }
        } catch (NoSuchFileException e) { // the Jenkinsfile or the key
            System.err.println("There is no file " + e.getMessage());
            System.exit(2);
        }
    }

    /** True when all builds succeeded. */
    boolean run() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("ssh-exec-");
        try (EmbeddedController controller = EmbeddedController.start(home)) {
            if (options.host() != null) {
                return runOn(controller, options.host());
            }
            try (DemoSshServer demo = DemoSshServer.start()) {
                return runOn(controller, demo, home.resolve("known_hosts"));
            }
        } finally {
            FileUtils.deleteDirectory(home.toFile());
        }
    }

    private boolean runOn(EmbeddedController controller, DemoSshServer demo, Path knownHosts)
            throws IOException, InterruptedException {
        Files.writeString(knownHosts, demo.knownHostsLine() + "\n");
        trust(knownHosts);
        keep(controller, demo.hostAndPort(), key("deploy", DemoSshServer.KEY_USER, demo.userKey(), null));
        keep(controller, demo.hostAndPort(), password("guest", DemoSshServer.PASSWORD_USER, demo.password()));
        return builds(controller, DemoSshServer.KEY_USER + "@" + demo.hostAndPort());
    }

    private boolean runOn(EmbeddedController controller, Destination host) throws IOException, InterruptedException {
        trust(options.knownHosts());
        String user = host.user().orElse(System.getProperty("user.name"));
        String secret = options.secretFromInput() ? firstLineOfInput() : null;
        keep(
                controller,
                host.endpoint().host() + ":" + host.endpoint().port(),
                options.key() == null
                        ? password("login", user, secret)
                        : key("login", user, Files.readString(options.key()), secret));
        return builds(controller, user + "@" + host.endpoint());
    }

    private boolean builds(EmbeddedController controller, String host) throws IOException, InterruptedException {
        PipelineScript script = new PipelineScript(
                options.jenkinsfile().getFileName().toString(), Files.readString(options.jenkinsfile()));
        EmbeddedJob job = controller.jenkins().add(new EmbeddedJob(controller.jenkins(), "example"), "example");
        boolean good = true;
        for (int i = 0; i < options.builds(); i++) {
            EmbeddedRun run = new EmbeddedRun(job);
            out.println("--- " + run + " ---");
            Result result =
                    script.run(run, new StreamTaskListener(out, StandardCharsets.UTF_8), Map.of("SSH_HOST", host));
            out.println();
            good &= result == Result.SUCCESS;
        }
        out.println(summary(options.builds(), SshPoolService.get().pool().snapshot()));
        return good;
    }

    private static String summary(int builds, PoolSnapshot pool) {
        return "%d %s: %d %s opened, reused %d %s."
                .formatted(
                        builds,
                        builds == 1 ? "build" : "builds",
                        pool.opened(),
                        pool.opened() == 1 ? "session" : "sessions",
                        pool.reused(),
                        pool.reused() == 1 ? "time" : "times");
    }

    /** @param knownHosts null for the files that ssh(1) reads */
    private static void trust(Path knownHosts) {
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        if (knownHosts != null) {
            verification.setFile(knownHosts.toString());
        }
        SshExecConfiguration.get().setHostKeyVerification(verification);
    }

    /** In a domain that names the host: others are not taken without a credentialsId. */
    private static void keep(EmbeddedController controller, String hostAndPort, Credentials credentials)
            throws IOException {
        List<DomainSpecification> host = List.of(new HostnamePortSpecification(hostAndPort, null));
        for (CredentialsStore store : CredentialsProvider.lookupStores(controller.jenkins())) {
            Domain domain = new Domain(hostAndPort, null, host);
            if (!store.addDomain(domain, credentials)) { // there is one already
                store.addCredentials(domain, credentials);
            }
        }
    }

    private static Credentials key(String id, String user, String privateKey, String passphrase) {
        return new BasicSSHUserPrivateKey(
                CredentialsScope.GLOBAL, id, user, new DirectEntryPrivateKeySource(privateKey), passphrase, null);
    }

    private static Credentials password(String id, String user, String password) {
        try {
            return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, null, user, password);
        } catch (FormException e) { // Jenkins in FIPS mode refuses short ones
            throw new IllegalArgumentException(e);
        }
    }

    private static String firstLineOfInput() throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        String line = input.readLine();
        if (line == null) {
            throw new IOException("There is nothing on standard input, where --password-stdin looks");
        }
        return line;
    }
}
