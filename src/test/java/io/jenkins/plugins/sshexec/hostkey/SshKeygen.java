package io.jenkins.plugins.sshexec.hostkey;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** OpenSSH's own tool for known_hosts files. */
final class SshKeygen {

    private record Ended(int status, String output) {}

    private SshKeygen() {}

    /** Skips the calling test where there is no ssh-keygen(1). */
    static void assumeInstalled() {
        boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "ssh-keygen"))
                .anyMatch(Files::isExecutable);
        assumeTrue(found, "No ssh-keygen: apt-get install openssh-client");
    }

    /** Replaces the names in the file by their hashes. */
    static void hash(Path knownHosts) throws IOException {
        succeed("-H", "-f", knownHosts.toString());
    }

    /** Removes the keys of this name from the file. */
    static void remove(String name, Path knownHosts) throws IOException {
        succeed("-R", name, "-f", knownHosts.toString());
    }

    /** Whether a line of the file names this server. */
    static boolean finds(String name, Path knownHosts) throws IOException {
        Ended ended = run("-F", name, "-f", knownHosts.toString());
        if (ended.status() > 1) {
            throw new IOException(ended.toString());
        }
        return ended.status() == 0;
    }

    /** What {@code -l} says of a file with one public key: bits, fingerprint, comment, type. */
    static String describe(Path publicKey) throws IOException {
        return succeed("-l", "-E", "sha256", "-f", publicKey.toString());
    }

    private static String succeed(String... arguments) throws IOException {
        Ended ended = run(arguments);
        if (ended.status() != 0) {
            throw new IOException(Arrays.toString(arguments) + ": " + ended);
        }
        return ended.output();
    }

    private static Ended run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ssh-keygen"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Ended(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
