package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** OpenSSH's own client, one process for each command, as {@code sh 'ssh host true'} starts it in a build. */
final class OpenSshClient implements AutoCloseable {

    private static final String SSH = "ssh";

    private final Target target;
    private final Path config;
    private final Path controlSocket;

    private OpenSshClient(Target target) {
        this.target = target;
        config = target.file("ssh_config");
        controlSocket = target.file("control");
    }

    /** The version that the client names; empty where none is installed. */
    static Optional<String> version() throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(SSH, "-V").redirectErrorStream(true).start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(version.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // there is no such program
        }
    }

    static OpenSshClient of(Target target) throws IOException {
        OpenSshClient client = new OpenSshClient(target);
        client.writeConfig();
        return client;
    }

    private void writeConfig() throws IOException {
        Files.writeString(config, """
                Host *
                  HostName %s
                  Port %d
                  User %s
                  BatchMode yes
                  IdentityFile %s
                  IdentitiesOnly yes
                  StrictHostKeyChecking yes
                  UserKnownHostsFile %s
                Host multiplexed
                  ControlMaster auto
                  ControlPath %s
                  ControlPersist 60
                """.formatted(
                        target.endpoint().host(),
                        target.endpoint().port(),
                        target.user(),
                        target.identity(),
                        target.knownHosts(),
                        controlSocket));
    }

    /** Commands over one connection, which a background process that the first command leaves behind keeps open. */
    Contender multiplexed(String command) {
        return process("`ssh`, ControlMaster", "multiplexed", command);
    }

    /** A connection for each command. */
    Contender connecting(String command) {
        return process("`ssh`, new connection each time", "single", command);
    }

    private Contender process(String name, String host, String command) {
        List<String> line = List.of(SSH, "-F", config.toString(), "-n", host, command);
        return new Contender(name, new LocalProcess(target.file(host + ".out"), line));
    }

    /** The background process ends when the server closes its connection. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(controlSocket);
    }
}
