package io.jenkins.plugins.sshexec.testing;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Descriptor.FormException;
import hudson.model.ItemGroup;
import hudson.util.Secret;
import io.jenkins.plugins.sshexec.call.ReadyLook;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.hostkey.AcceptNewVerification;
import io.jenkins.plugins.sshexec.hostkey.ApprovedKeysVerification;
import io.jenkins.plugins.sshexec.hostkey.GivenKeysVerification;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.hosts.FolderHosts;
import io.jenkins.plugins.sshexec.hosts.HostProxy;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** What a {@link Scenario} needs around it, set up in the Jenkins that runs, be it real or embedded: server, trust, logins. */
public final class ScenarioStage implements AutoCloseable {

    private static final String PASSPHRASE = "a passphrase";

    private final Closeable server;

    /** For files on the host; null where there is none. */
    private final Path directory;

    private final Endpoint endpoint;
    private final HostKey hostKey;
    private final String user;
    private final Authorization authorization;

    private final List<ProxyServer> proxies = new ArrayList<>();

    /** Settings that the scenario has changed, with their values before. */
    private final Map<String, Integer> before = new HashMap<>();

    /** Makes the server accept a key. */
    private interface Authorization {
        void of(TestKey key) throws IOException;
    }

    private ScenarioStage(
            Closeable server,
            Path directory,
            Endpoint endpoint,
            HostKey hostKey,
            String user,
            Authorization authorization) {
        this.server = server;
        this.directory = directory;
        this.endpoint = endpoint;
        this.hostKey = hostKey;
        this.user = user;
        this.authorization = authorization;
    }

    /**
     * Starts the server and tells Jenkins of it; the calling test is skipped where the server is not installed.
     *
     * @param folder of the job; null where it is at the top
     */
    public static ScenarioStage set(Scenario scenario, ItemGroup<?> folder) throws Exception {
        ScenarioStage stage = scenario.usesOpenSsh() ? openSsh(scenario) : embedded();
        try {
            SshExecConfiguration.get().setHostKeyVerification(stage.verification(scenario.hostKey()));
            SshExecConfiguration.get().setHosts(stage.namedHosts(scenario, null));
            List<NamedHost> ofFolder = stage.namedHosts(scenario, scenario.folder());
            if (scenario.folder() != null && !ofFolder.isEmpty()) {
                ((AbstractFolder<?>) folder).addProperty(new FolderHosts(ofFolder));
            }
            for (Map.Entry<String, Integer> setting : scenario.settings().entrySet()) {
                stage.before.put(setting.getKey(), change(setting.getKey(), setting.getValue()));
            }
            for (Scenario.Login login : scenario.logins()) {
                stage.add(login, login.folder() == null ? Jenkins.get() : folder);
            }
            if (scenario.namedHosts().stream().anyMatch(host -> host.ready() > 0)) {
                ReadyLook.take();
            }
            return stage;
        } catch (Exception e) {
            stage.close();
            throw e;
        }
    }

    private static ScenarioStage openSsh(Scenario scenario) throws IOException {
        OpenSshServer server = scenario.sudoers().isEmpty()
                ? OpenSshServer.start(scenario.sshdConfig().toArray(String[]::new))
                : OpenSshServer.startForSudo(scenario.sudoers().toArray(String[]::new));
        return new ScenarioStage(
                server::close,
                Files.createDirectory(server.directory().resolve("files")),
                server.endpoint(),
                server.hostKey(),
                server.login().user(),
                server::authorize);
    }

    private static ScenarioStage embedded() throws IOException {
        EmbeddedSshServer server = EmbeddedSshServer.start();
        server.runsRealProcesses();
        return new ScenarioStage(
                server::close, null, server.endpoint(), server.hostKey(), EmbeddedSshServer.USER, server::authorize);
    }

    /** For the builds. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of("SSH_HOST", endpoint.toString(), "SSH_USER", user));
        if (directory != null) {
            environment.put("SSH_DIRECTORY", directory.toString());
        }
        return environment;
    }

    /** Stops the server, and undoes the settings for whoever has the same Jenkins next. */
    @Override
    public void close() throws IOException {
        server.close();
        for (ProxyServer proxy : proxies) {
            proxy.close();
        }
        SshExecConfiguration.get().setHosts(List.of());
        try {
            for (Map.Entry<String, Integer> setting : before.entrySet()) {
                change(setting.getKey(), setting.getValue());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Settings that could be changed can be changed back", e);
        }
    }

    private HostKeyVerification verification(String need) throws IOException {
        return switch (need) {
            case "known" -> knownHosts(hostKey);
            case "unknown" -> knownHosts();
            case "changed" -> knownHosts(newHostKey());
            case "given" -> given(line(hostKey));
            case "changed-given" -> given("# keys", line(newHostKey()));
            case "waiting" -> approved();
            case "approved" -> approved(line(hostKey));
            case "rejected" -> approved("@revoked " + line(hostKey));
            case "accept-new" -> new AcceptNewVerification();
            case "any" -> new NoVerification();
            default -> throw new IllegalArgumentException("no host-key: " + need);
        };
    }

    private List<NamedHost> namedHosts(Scenario scenario, String place) throws IOException {
        List<NamedHost> hosts = new ArrayList<>();
        for (Scenario.Host named : scenario.namedHosts()) {
            if (!Objects.equals(named.folder(), place)) {
                continue;
            }
            NamedHost host = new NamedHost(named.name());
            host.setAddress(endpoint.host());
            host.setPort(endpoint.port());
            host.setUser(named.user());
            host.setCredentialsId(named.credentials());
            host.setHostKeyVerification(named.check() == null ? null : verification(named.check()));
            host.setJumpHost(named.via());
            host.setProxy(named.proxy() == null ? null : proxy(named));
            host.setLegacyAlgorithms(named.legacy());
            host.setLabels(named.labels());
            host.setSessionsPerHost(named.sessions());
            host.setMinIdleSessions(named.ready());
            hosts.add(host);
        }
        return hosts;
    }

    private HostProxy proxy(Scenario.Host named) throws IOException {
        Proxy.Type type = Proxy.Type.valueOf(named.proxy().toUpperCase(Locale.ROOT));
        ProxyServer started = named.proxyCredentials() == null
                ? ProxyServer.start(type)
                : ProxyServer.start(type, user, EmbeddedSshServer.PASSWORD);
        proxies.add(started);
        HostProxy proxy = new HostProxy(
                type, started.endpoint().host(), started.endpoint().port());
        proxy.setCredentialsId(named.proxyCredentials());
        return proxy;
    }

    private KnownHostsFileVerification knownHosts(HostKey... keys) throws IOException {
        Path file = Jenkins.get().getRootDir().toPath().resolve("known_hosts");
        Files.write(file, Stream.of(keys).map(this::line).toList());
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile(file.toString());
        return verification;
    }

    private static HostKey newHostKey() {
        return TestKey.generate(TestKey.Type.ED25519).toHostKey();
    }

    /** A known_hosts line for the server. */
    private String line(HostKey key) {
        return endpoint.knownHostsName() + " " + key.type() + " "
                + Base64.getEncoder().encodeToString(key.blob());
    }

    private static GivenKeysVerification given(String... lines) {
        GivenKeysVerification verification = new GivenKeysVerification();
        verification.setKeys(String.join("\n", lines));
        return verification;
    }

    /** What administrators have decided before, for all scenarios that have this Jenkins; each has a server of its own. */
    private static ApprovedKeysVerification approved(String... lines) throws IOException {
        Path file = Jenkins.get().getRootDir().toPath().resolve("ssh-exec/approved_known_hosts");
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new ApprovedKeysVerification();
    }

    /** Returns the value before. */
    private static int change(String setting, int value) throws ReflectiveOperationException {
        String name = Character.toUpperCase(setting.charAt(0)) + setting.substring(1);
        SshExecConfiguration configuration = SshExecConfiguration.get();
        Object before = SshExecConfiguration.class.getMethod("get" + name).invoke(configuration);
        SshExecConfiguration.class.getMethod("set" + name, int.class).invoke(configuration, value);
        return (int) before;
    }

    private void add(Scenario.Login login, ItemGroup<?> place) throws IOException, FormException {
        CredentialsStore store = storeOf(place);
        StandardCredentials credentials = credentials(login);
        if ("any".equals(login.host())) {
            store.addCredentials(Domain.global(), credentials);
        } else {
            String includes = login.host() == null ? endpoint.toString() : login.host();
            store.addDomain(
                    new Domain(login.id(), null, List.of(new HostnamePortSpecification(includes, null))), credentials);
        }
    }

    private static CredentialsStore storeOf(ItemGroup<?> place) {
        for (CredentialsStore store : CredentialsProvider.lookupStores(place)) {
            if (store.getContext() == place) {
                return store;
            }
        }
        throw new AssertionError("No credentials in " + place);
    }

    private StandardCredentials credentials(Scenario.Login login) throws IOException, FormException {
        String id = login.id();
        return switch (login.kind()) {
            case KEY -> key(id, "", accepted(""));
            case ENCRYPTED_KEY -> key(id, PASSPHRASE, accepted(PASSPHRASE));
            case CERTIFIED_KEY -> key(id, "", certified(List.of("-n", user)));
            case EXPIRED_CERTIFICATE -> key(id, "", certified(List.of("-n", user, "-V", "-2d:-1d")));
            case OTHER_KEY -> key(id, "", newKey());
            case SEVERAL_KEYS -> key(id, "", newKey(), newKey(), newKey(), accepted(""));
            case BROKEN_KEY -> key(id, "", "this is no key");
            case PASSWORD -> password(id, EmbeddedSshServer.PASSWORD);
            case OTHER_PASSWORD -> password(id, "not the one");
            case SUDO_PASSWORD -> password(id, OpenSshServer.SUDO_PASSWORD);
            case SECRET_TEXT ->
                new StringCredentialsImpl(CredentialsScope.GLOBAL, id, null, Secret.fromString("a secret text"));
        };
    }

    private String accepted(String passphrase) throws IOException {
        TestKey key = TestKey.generate(TestKey.Type.ED25519, TestKey.Format.OPENSSH, passphrase);
        authorization.of(key);
        return key.privateText();
    }

    /** A key that the server does not know, with a certificate of an authority that it does. */
    private String certified(List<String> options) throws IOException {
        CertificateAuthority authority = CertificateAuthority.generate(TestKey.Type.ED25519);
        authorization.of(new TestKey("", "cert-authority " + authority.key().publicLine(), ""));
        TestKey key = TestKey.generate(TestKey.Type.ED25519);
        return key.privateText() + authority.signUser(key, options.toArray(String[]::new)) + "\n";
    }

    private static String newKey() {
        return TestKey.generate(TestKey.Type.ED25519).privateText();
    }

    private StandardCredentials key(String id, String passphrase, String... privateKeys) {
        return new BasicSSHUserPrivateKey(
                CredentialsScope.GLOBAL,
                id,
                user,
                new DirectEntryPrivateKeySource(List.of(privateKeys)),
                passphrase,
                null);
    }

    private StandardCredentials password(String id, String password) throws FormException {
        return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, null, user, password);
    }
}
