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
        TestKey hostKey = TestKey.generate(TestKey.Type.ED25519);
        // The default level of sshd(8): the tests' own has a line for each command.
        OpenSshServer server = OpenSshServer.startWithHostKeys(List.of(hostKey), "LogLevel INFO");
        Target target = new Target(server);
        Files.writeString(target.knownHosts(), server.endpoint().knownHostsName() + " " + hostKey.publicLine() + "\n");
        Files.createFile(
                target.identity(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(target.identity(), target.privateKey());
        return target;
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
