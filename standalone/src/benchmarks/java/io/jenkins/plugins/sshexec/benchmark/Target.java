package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The one OpenSSH server that all peers use, a way to it, and what they need to reach it, as files. */
final class Target implements AutoCloseable {

    private final OpenSshServer server;
    private final TestKey hostKey;
    private final Endpoint endpoint;
    private final boolean own;

    private Target(OpenSshServer server, TestKey hostKey, Endpoint endpoint, boolean own) {
        this.server = server;
        this.hostKey = hostKey;
        this.endpoint = endpoint;
        this.own = own;
    }

    /**
     * Starts a server with OpenSSH's own limits for sessions and connects (MaxSessions 10, MaxStartups 10:30:100).
     *
     * @param extraConfig lines of sshd_config(5) that win over these
     */
    static Target start(String... extraConfig) throws IOException {
        OpenSshServer.assumeInstalled();
        TestKey hostKey = TestKey.generate(TestKey.Type.ED25519);
        List<String> config = new ArrayList<>(List.of(extraConfig));
        // sshd's default level: the tests' own has a line for each command.
        config.addAll(List.of("LogLevel INFO", "MaxStartups 10:30:100"));
        OpenSshServer server = OpenSshServer.startWithHostKeys(List.of(hostKey), config.toArray(String[]::new));
        Target target = new Target(server, hostKey, server.endpoint(), true);
        try {
            target.know(target.endpoint());
            Files.createFile(
                    target.identity(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(target.identity(), target.privateKey());
            return target;
        } catch (IOException e) {
            target.close();
            throw e;
        }
    }

    /** The same server by another way, such as a proxy; to be closed before this one, or not at all. */
    Target by(Endpoint way) throws IOException {
        know(way);
        return new Target(server, hostKey, way, false);
    }

    /** Lists the server's key for this endpoint too. */
    void know(Endpoint way) throws IOException {
        Files.writeString(
                knownHosts(),
                way.knownHostsName() + " " + hostKey.publicLine() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    String user() {
        return OpenSshServer.user();
    }

    Login login() {
        return server.login();
    }

    /** The text of a key that may log in. */
    String privateKey() {
        return server.userKey().privateText();
    }

    /** {@link #privateKey}, for programs. */
    Path identity() {
        return file("identity");
    }

    /** Lists the server's key. */
    Path knownHosts() {
        return file("known_hosts");
    }

    /** A file that is deleted with the server. */
    Path file(String name) {
        return server.directory().resolve(name);
    }

    /** What a program needs to know, in the order of {@link Words}. */
    List<String> words() {
        return List.of(
                endpoint.host(),
                String.valueOf(endpoint.port()),
                user(),
                identity().toString(),
                knownHosts().toString());
    }

    /** {@link #words} in the program. */
    record Words(String host, int port, String user, String identity, String knownHosts) {
        static Words of(String... words) {
            return new Words(words[0], Integer.parseInt(words[1]), words[2], words[3], words[4]);
        }
    }

    @Override
    public void close() throws IOException {
        if (own) {
            server.close();
        }
    }
}
