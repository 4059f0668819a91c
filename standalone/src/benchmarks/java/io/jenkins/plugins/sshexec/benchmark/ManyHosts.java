package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.Auth;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A hundred hosts on this machine: one embedded server on as many loopback addresses, in a JVM of its own. */
final class ManyHosts implements AutoCloseable {

    private static final int HOSTS = 100;

    private final Process process;
    private final int port;

    private ManyHosts(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static ManyHosts start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyHosts.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        return new ManyHosts(process, Integer.parseInt(output.readLine()));
    }

    List<Endpoint> endpoints() {
        return IntStream.rangeClosed(1, HOSTS)
                .mapToObj(i -> new Endpoint("127.0.1." + i, port))
                .toList();
    }

    /** The server's JVM ends when its input does. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }

    /** The other JVM: prints the port, and serves until nobody holds its standard input. */
    public static void main(String... arguments) throws IOException {
        try (EmbeddedSshServer server = EmbeddedSshServer.startOn("0.0.0.0", Auth.PASSWORD)) {
            System.out.println(server.endpoint().port());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
