package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * OpenSSH's own client, one process for each command, as {@code sh 'ssh host true'} starts it in a build. The connection to a
 * host is kept open by a background process ({@code ControlMaster}, {@code ControlPersist}), or made for each command.
 */
final class OpenSshClient implements Peer {

    private static final String SSH = "ssh";

    private final Target target;
    private final Path config;
    private final Path errors;
    private final boolean shares;

    private OpenSshClient(Target target, boolean shares) {
        this.target = target;
        this.shares = shares;
        config = target.file("ssh_config");
        errors = target.file("ssh.err");
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
        return of(target, true);
    }

    /** The client without a master, as it is where nobody has configured one. */
    static OpenSshClient alone(Target target) throws IOException {
        return of(target, false);
    }

    private static OpenSshClient of(Target target, boolean shares) throws IOException {
        OpenSshClient client = new OpenSshClient(target, shares);
        client.writeConfig();
        return client;
    }

    private void writeConfig() throws IOException {
        Files.writeString(config, """
                Host *
                  Port %d
                  User %s
                  BatchMode yes
                  IdentityFile %s
                  IdentitiesOnly yes
                  StrictHostKeyChecking yes
                  UserKnownHostsFile %s
                  ControlPath %s
                  ControlPersist 60
                """.formatted(
                        target.endpoint().port(),
                        target.user(),
                        target.identity(),
                        target.knownHosts(),
                        target.file("control-%h-%p")));
    }

    @Override
    public String name() {
        return shares ? Peers.CONTROL_MASTER : Peers.SSH;
    }

    @Override
    public long exec(String command) throws Exception {
        return timed(builder(target.endpoint().host(), command));
    }

    /** Without a master. */
    @Override
    public long connect(String command) throws Exception {
        return timed(builder(target.endpoint().host(), command, false));
    }

    @Override
    public Burst burst(List<String> hosts, int commands, int concurrency, String command) throws Exception {
        return Bursts.run(hosts, commands, concurrency, host -> timed(builder(host, command)));
    }

    @Override
    public long output(Path log, String command) throws Exception {
        return timed(builder(target.endpoint().host(), command).redirectOutput(log.toFile()));
    }

    private ProcessBuilder builder(String host, String command) {
        return builder(host, command, shares);
    }

    private ProcessBuilder builder(String host, String command, boolean shared) {
        List<String> line = new ArrayList<>(List.of(SSH, "-F", config.toString(), "-n"));
        line.addAll(
                shared
                        ? List.of("-o", "ControlMaster=auto")
                        : List.of("-o", "ControlMaster=no", "-o", "ControlPath=none"));
        line.addAll(List.of(host, command));
        return new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    }

    private long timed(ProcessBuilder builder) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int status = builder.start().waitFor();
        long nanos = System.nanoTime() - start;
        if (status != 0) {
            throw new IOException(builder.command() + " ended with " + status + "; see " + errors);
        }
        return nanos;
    }

    /** Ends the background processes, each of which owns a socket beside the configuration. */
    @Override
    public void close() throws IOException, InterruptedException {
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(config.getParent(), "control-*")) {
            for (Path socket : sockets) {
                new ProcessBuilder(SSH, "-F", config.toString(), "-S", socket.toString(), "-O", "exit", "any")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
        }
    }
}
