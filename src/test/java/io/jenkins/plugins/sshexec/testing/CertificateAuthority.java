package io.jenkins.plugins.sshexec.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Signs OpenSSH certificates with ssh-keygen(1) when the test runs. */
public record CertificateAuthority(TestKey key) {

    /** With a new key. */
    public static CertificateAuthority generate(TestKey.Type type) {
        return new CertificateAuthority(TestKey.generate(type));
    }

    /**
     * A certificate for a host.
     *
     * @param options of ssh-keygen, such as {@code -n web1} for the host's name, {@code -V -2d:-1d} for its validity
     * @return the line of its {@code -cert.pub} file
     */
    public String signHost(TestKey host, String... options) {
        List<String> all = new ArrayList<>(List.of("-h"));
        all.addAll(List.of(options));
        return sign(host, all);
    }

    /** A certificate for a user; {@code -n deploy} names the remote user. */
    public String signUser(TestKey user, String... options) {
        return sign(user, List.of(options));
    }

    private String sign(TestKey subject, List<String> options) {
        try {
            Path directory = Files.createTempDirectory("ssh-exec-ca");
            try {
                Path authority = Files.writeString(directory.resolve("ca"), key.privateText());
                Files.setPosixFilePermissions(authority, PosixFilePermissions.fromString("rw-------"));
                Path signed = Files.writeString(directory.resolve("key.pub"), subject.publicLine() + "\n");
                List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-s", authority.toString()));
                command.addAll(List.of("-I", "test certificate"));
                command.addAll(options);
                command.add(signed.toString());
                Subprocess.run(command);
                return Files.readString(directory.resolve("key-cert.pub")).strip();
            } finally {
                Subprocess.deleteTree(directory);
            }
        } catch (IOException e) {
            throw new IllegalStateException("ssh-keygen failed", e);
        }
    }
}
