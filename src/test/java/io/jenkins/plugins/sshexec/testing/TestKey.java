package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * A key pair made by ssh-keygen(1) when the test runs; no key is ever checked in.
 *
 * @param privateText the private key file's text
 * @param publicLine the line for authorized_keys or known_hosts: type, Base64 blob, comment
 * @param passphrase empty where the private key is not encrypted
 */
public record TestKey(String privateText, String publicLine, String passphrase) implements Serializable {

    /** Types of keys that ssh-keygen makes, with the {@code -b} that keeps the tests fast. */
    public enum Type {
        ED25519("ed25519", "256"),
        ECDSA("ecdsa", "256"),
        ECDSA_384("ecdsa", "384"),
        ECDSA_521("ecdsa", "521"),
        RSA("rsa", "2048");

        private final String name;
        private final String bits;

        Type(String name, String bits) {
            this.name = name;
            this.bits = bits;
        }
    }

    /** File formats of private keys, by the name that {@code ssh-keygen -m} has for them. */
    public enum Format {
        OPENSSH("RFC4716"),
        PEM("PEM"),
        PKCS8("PKCS8");

        private final String option;

        Format(String option) {
            this.option = option;
        }
    }

    /** An unencrypted key in OpenSSH's own format. */
    public static TestKey generate(Type type) {
        return generate(type, Format.OPENSSH, "");
    }

    public static TestKey generate(Type type, Format format, String passphrase) {
        try {
            Path directory = Files.createTempDirectory("ssh-exec-key");
            try {
                Path file = directory.resolve("key");
                Subprocess.run(List.of(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        type.name,
                        "-b",
                        type.bits,
                        "-m",
                        format.option,
                        "-N",
                        passphrase,
                        "-C",
                        "test",
                        "-f",
                        file.toString()));
                return new TestKey(
                        Files.readString(file),
                        Files.readString(directory.resolve("key.pub")).strip(),
                        passphrase);
            } finally {
                Subprocess.deleteTree(directory);
            }
        } catch (IOException e) {
            throw new IllegalStateException("ssh-keygen failed", e);
        }
    }

    public PrivateKey toPrivateKey() {
        return toPrivateKey(passphrase);
    }

    public PrivateKey toPrivateKey(String withPassphrase) {
        return new PrivateKey(SecretBytes.of(privateText), SecretBytes.of(withPassphrase));
    }

    /** The public half, as a server with this key would show it. */
    public HostKey toHostKey() {
        return HostKey.ofBlob(Base64.getDecoder().decode(publicLine.split(" ")[1]));
    }
}
