package io.jenkins.plugins.sshexec.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What of the plugin is alive in this process. Of Linux alone, for proc(5).
 *
 * @param threads names of the plugin's threads
 * @param connections lines of proc(5)'s net/tcp, and tcp6 where the JVM prefers that, for connections to the server
 */
public record Leftovers(List<String> threads, List<String> connections) {

    /** As of now. @param port where the server listens; of the loopback address, so that none but the server has it */
    public static Leftovers of(int port) throws IOException {
        return new Leftovers(threadsOfNow(), connectionsTo(port));
    }

    public boolean none() {
        return threads.isEmpty() && connections.isEmpty();
    }

    private static List<String> threadsOfNow() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("ssh-exec"))
                .toList();
    }

    private static List<String> connectionsTo(int port) throws IOException {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        List<String> sockets;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            sockets = open.map(Leftovers::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .toList();
        }
        return Stream.concat(
                        Files.readAllLines(Path.of("/proc/self/net/tcp")).stream(),
                        Files.readAllLines(Path.of("/proc/self/net/tcp6")).stream())
                .map(line -> line.trim().split("\\s+"))
                .filter(fields -> fields[2].endsWith(suffix) && sockets.contains(fields[9]))
                .map(fields -> String.join(" ", fields))
                .toList();
    }

    /** What a file descriptor is; empty for one that was closed meanwhile. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
