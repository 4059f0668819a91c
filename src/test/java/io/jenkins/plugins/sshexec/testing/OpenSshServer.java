package io.jenkins.plugins.sshexec.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A real OpenSSH server on a free loopback port, with keys and configuration of its own in a temporary directory. It runs
 * as the current user and lets that user alone log in, by key; passwords need the {@link EmbeddedSshServer}.
 *
 * <p>Remote commands start with {@code SHLVL=1}, which makes bash skip {@code ~/.bashrc}: Debian's bash reads it for every
 * command that comes over SSH, and on some machines that takes longer than all the rest.
 */
public final class OpenSshServer implements AutoCloseable {

    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final int START_ATTEMPTS = 5;

    /** Of whom the system itself knows nothing. */
    private static final String ORDINARY_USER = "sshexec";

    private static final Path SUDO = Path.of("/usr/bin/sudo");

    /** What sudo asks the ordinary user for, where it asks. */
    public static final String SUDO_PASSWORD = "Correct horse 7";

    /** Its hash (crypt(5), SHA-512). */
    private static final String PASSWORD_HASH =
            "$6$sshexec$SHPdsGsJ4FwYUqe/PvA4G4c0AgHc6EtcmR8CKvlgN8YGR/U9lXW004x3ExD4Nj.4DtJ7JK3kxrmlE5Ki3wzaT/";

    private final Path directory;
    private final String user;
    private final List<String> extraConfig;
    private final List<TestKey> hostKeys;
    private final TestKey userKey;

    /** Shell commands, for the server's own mount namespace. */
    private final List<String> mounts = new ArrayList<>();

    private final List<String> log = new CopyOnWriteArrayList<>();

    /** A test JVM that is stopped must not leave servers behind. */
    private final Thread killAtExit = new Thread(this::kill, "sshd killer");

    private int port;
    private Process process;
    private Thread logReader;

    /** Of sudoers(5), for the server alone; null where sudo is as the machine has it. */
    private List<String> sudoers;

    private OpenSshServer(Path directory, String user, List<String> extraConfig, List<TestKey> hostKeys) {
        this.directory = directory;
        this.user = user;
        this.extraConfig = extraConfig;
        this.hostKeys = hostKeys;
        this.userKey = TestKey.generate(Type.ED25519);
        Runtime.getRuntime().addShutdownHook(killAtExit);
    }

    /**
     * Starts a server; the calling test is skipped where OpenSSH's server is not installed.
     *
     * @param extraConfig lines of sshd_config(5), such as {@code MaxSessions 2}; they win over the built-in ones
     */
    public static OpenSshServer start(String... extraConfig) throws IOException {
        return startWithHostKeys(List.of(TestKey.generate(Type.ED25519)), extraConfig);
    }

    /** As {@link #start}, with these host keys. */
    public static OpenSshServer startWithHostKeys(List<TestKey> hostKeys, String... extraConfig) throws IOException {
        return start(user(), hostKeys, extraConfig);
    }

    /**
     * As {@link #start}, for a user who is not root. Where root runs the tests, that is one of whom only the server knows, by
     * a password file of its own in a mount namespace of its own.
     */
    public static OpenSshServer startForOrdinaryUser(String... extraConfig) throws IOException {
        String name = "root".equals(user()) ? ORDINARY_USER : user();
        return start(name, List.of(TestKey.generate(Type.ED25519)), extraConfig);
    }

    /**
     * As {@link #start}, with a disk of so many KiB at {@link #smallDisk} that only the server and its commands see. The calling
     * test is skipped where it is not root's.
     */
    public static OpenSshServer startWithSmallDisk(int kibibytes) throws IOException {
        assumeTrue("root".equals(user()), "Only root can mount a small disk");
        return start(user(), List.of(TestKey.generate(Type.ED25519)), kibibytes, new String[0]);
    }

    /**
     * As {@link #startForOrdinaryUser}, with sudo set up for that user alone, by files in the same mount namespace. The calling
     * test is skipped unless root runs it, and sudo is installed.
     *
     * @param sudoers lines of sudoers(5); {@code USER} stands for the user. Where they ask for a password it is
     *     {@link #SUDO_PASSWORD}.
     */
    public static OpenSshServer startForSudo(String... sudoers) throws IOException {
        assumeTrue(Files.isExecutable(SUDO), "No " + SUDO + ": apt-get install sudo");
        assumeTrue("root".equals(user()), "Only root can set up sudo for a test");
        assumeInstalled();
        OpenSshServer server = new OpenSshServer(
                Files.createTempDirectory("ssh-exec-sshd"),
                ORDINARY_USER,
                List.of(),
                List.of(TestKey.generate(Type.ED25519)));
        server.sudoers = Arrays.stream(sudoers)
                .map(line -> line.replace("USER", ORDINARY_USER))
                .toList();
        return launched(server, 0);
    }

    private static OpenSshServer start(String user, List<TestKey> hostKeys, String... extraConfig) throws IOException {
        return start(user, hostKeys, 0, extraConfig);
    }

    private static OpenSshServer start(
            String user, List<TestKey> hostKeys, int smallDiskKibibytes, String... extraConfig) throws IOException {
        assumeInstalled();
        OpenSshServer server = new OpenSshServer(
                Files.createTempDirectory("ssh-exec-sshd"), user, Arrays.asList(extraConfig), hostKeys);
        return launched(server, smallDiskKibibytes);
    }

    private static OpenSshServer launched(OpenSshServer server, int smallDiskKibibytes) throws IOException {
        try {
            server.prepare();
            server.mount(smallDiskKibibytes);
            server.launchOnFreePort();
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Skips the calling test where there is no OpenSSH server. */
    public static void assumeInstalled() {
        assumeTrue(Files.isExecutable(SSHD), "No " + SSHD + ": apt-get install openssh-server");
    }

    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", port);
    }

    /** Who runs the tests; unless asked for another, the only user who can log in. */
    public static String user() {
        return System.getProperty("user.name");
    }

    /** A login that the server accepts. A new object for each call, since logins are wiped. */
    public KeyLogin login() {
        return new KeyLogin(user, List.of(userKey.toPrivateKey()));
    }

    public static KeyLogin loginWith(TestKey... keys) {
        return new KeyLogin(
                user(), Arrays.stream(keys).map(TestKey::toPrivateKey).toList());
    }

    /** The key of {@link #login}. */
    public TestKey userKey() {
        return userKey;
    }

    /** Lets the owner of this key log in too. */
    public void authorize(TestKey key) throws IOException {
        Files.writeString(
                authorizedKeys(), key.publicLine() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    public HostKey hostKey() {
        return hostKeys.get(0).toHostKey();
    }

    /** A place of its own for files of remote commands; deleted with the server. */
    public Path directory() {
        return directory;
    }

    /** What the server has logged so far, at level VERBOSE. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /** TCP connections so far. */
    public long connections() {
        return count("Connection from ");
    }

    /** Commands started so far. */
    public long commands() {
        return count("Starting session: command");
    }

    /** Logins by key so far. */
    public long logins() {
        return count("Accepted publickey ");
    }

    private long count(String text) {
        return log.stream().filter(line -> line.contains(text)).count();
    }

    /** Cuts all connections, as a crash of the host would; the port is closed until {@link #launch}. */
    public void kill() {
        if (process == null) {
            return;
        }
        // The children first: each connection is a process, which outlives the listener.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor();
            logReader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts the server again on the same port, with the same keys. */
    public void launch() throws IOException {
        int before = log.size();
        process = new ProcessBuilder(command()).redirectErrorStream(true).start();
        CompletableFuture<Boolean> listening = new CompletableFuture<>();
        logReader = new Thread(() -> readLog(listening), "sshd log");
        logReader.setDaemon(true);
        logReader.start();
        try {
            if (!listening.get(30, TimeUnit.SECONDS)) {
                throw new IOException("sshd did not start: " + log.subList(before, log.size()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("sshd did not start: " + log.subList(before, log.size()), e);
        }
    }

    private List<String> command() {
        List<String> sshd = List.of(SSHD.toString(), "-D", "-e", "-f", config().toString());
        if (mounts.isEmpty()) {
            return sshd;
        }
        String mount = String.join(" && ", mounts) + " && exec \"$@\"";
        return Stream.concat(Stream.of("unshare", "--mount", "sh", "-c", mount, "sh"), sshd.stream())
                .toList();
    }

    private void mount(int smallDiskKibibytes) throws IOException {
        if (!user.equals(user())) {
            mounts.add("mount --bind '" + passwords() + "' /etc/passwd");
        }
        for (String file : sudoers == null ? List.<String>of() : List.of("shadow", "sudoers")) {
            mounts.add("mount --bind '" + directory.resolve(file) + "' /etc/" + file);
        }
        if (smallDiskKibibytes > 0) {
            Files.createDirectory(smallDisk());
            mounts.add("mount -t tmpfs -o size=" + smallDiskKibibytes + "k tmpfs '" + smallDisk() + "'");
        }
    }

    /** See {@link #startWithSmallDisk}; empty for all but the server's commands. */
    public Path smallDisk() {
        return directory.resolve("small-disk");
    }

    @Override
    public void close() throws IOException {
        kill();
        Runtime.getRuntime().removeShutdownHook(killAtExit);
        Subprocess.deleteTree(directory);
    }

    private void prepare() throws IOException {
        // Compiled into sshd for privilege separation; Debian's start script makes it at boot.
        if ("root".equals(user())) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        for (int i = 0; i < hostKeys.size(); i++) {
            Path file = hostKeyFile(i);
            Files.writeString(file, hostKeys.get(i).privateText());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        authorize(userKey);
        if (!user.equals(user())) {
            String line = user + ":x:54321:54321::" + directory + ":/bin/sh\n";
            Files.writeString(passwords(), Files.readString(Path.of("/etc/passwd")) + line);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        if (sudoers != null) {
            writeReadOnly("shadow", List.of(user + ":" + PASSWORD_HASH + ":19000:0:99999:7:::"));
            writeReadOnly("sudoers", sudoers);
        }
    }

    private void writeReadOnly(String name, List<String> lines) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
    }

    private void launchOnFreePort() throws IOException {
        IOException last = null;
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            writeConfig();
            try {
                launch();
                return;
            } catch (IOException e) {
                last = e; // somebody else may have taken the port meanwhile
                kill();
            }
        }
        throw last;
    }

    private void writeConfig() throws IOException {
        List<String> lines = new ArrayList<>(extraConfig); // sshd takes the first value of a keyword
        lines.addAll(List.of(
                "Port " + port,
                "AuthorizedKeysFile " + authorizedKeys(),
                "AuthenticationMethods publickey",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "PermitRootLogin yes",
                "StrictModes no",
                "UsePAM no",
                "PidFile none",
                "PrintMotd no",
                "AcceptEnv LANG LC_*", // as Debian, Red Hat, SUSE and others ship it
                "SetEnv SHLVL=1",
                "LogLevel VERBOSE"));
        if (extraConfig.stream().noneMatch(line -> line.startsWith("MaxStartups "))) {
            lines.add("MaxStartups 100"); // of this keyword sshd takes the last value
        }
        if (extraConfig.stream().noneMatch(line -> line.startsWith("ListenAddress "))) {
            lines.add("ListenAddress 127.0.0.1"); // and of this one all
        }
        for (int i = 0; i < hostKeys.size(); i++) {
            lines.add("HostKey " + hostKeyFile(i));
        }
        Files.write(config(), lines);
    }

    private void readLog(CompletableFuture<Boolean> listening) {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                log.add(line);
                if (line.contains("Server listening on")) {
                    listening.complete(true);
                }
            }
            listening.complete(false);
        } catch (IOException e) {
            listening.completeExceptionally(e);
        }
    }

    private Path config() {
        return directory.resolve("sshd_config");
    }

    private Path passwords() {
        return directory.resolve("passwd");
    }

    private Path authorizedKeys() {
        return directory.resolve("authorized_keys");
    }

    private Path hostKeyFile(int index) {
        return directory.resolve("host_key_" + index);
    }
}
