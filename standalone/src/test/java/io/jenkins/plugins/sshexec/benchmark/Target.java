package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The one OpenSSH server that all contenders use, and what they need to reach it, as files. */
final class Target implements AutoCloseable {

    private final OpenSshServer server;

    private Target(OpenSshServer server) {
        this.server = server;
    }

    static Target start() throws IOException {
        OpenSshServer.assumeInstalled();
        TestKey hostKey = TestKey.generate(TestKey.Type.ED25519);
        // sshd's default level: the tests' own has a line for each command.
        Target target = new Target(OpenSshServer.startWithHostKeys(List.of(hostKey), "LogLevel INFO"));
        try {
            target.writeFiles(hostKey);
            return target;
        } catch (IOException e) {
            target.close();
            throw e;
        }
    }

    private void writeFiles(TestKey hostKey) throws IOException {
        Files.writeString(knownHosts(), endpoint().knownHostsName() + " " + hostKey.publicLine() + "\n");
        Files.createFile(
                identity(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(identity(), privateKey());
    }

    Endpoint endpoint() {
        return server.endpoint();
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

    @Override
    public void close() throws IOException {
        server.close();
    }
}
