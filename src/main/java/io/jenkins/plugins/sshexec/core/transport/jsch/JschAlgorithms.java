package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.AlgorithmKind;
import io.jenkins.plugins.sshexec.core.error.NegotiationFailed;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@link Algorithms} in JSch's terms: for each of its settings the modern algorithms, best first, and the old ones, which
 * come behind them. They are set before the first key exchange and hold for every later one. What the JVM does not have, JSch
 * leaves out of its proposal by itself.
 */
final class JschAlgorithms {

    /** The setting of the algorithms by which a server signs; it is sorted by what is known of the host. */
    static final String SERVER_HOST_KEY = "server_host_key";

    private static final List<String> SIGNATURES = List.of(
            "ssh-ed25519",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "rsa-sha2-512",
            "rsa-sha2-256");

    private static final List<String> CIPHERS =
            List.of("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr");

    private static final List<String> MACS =
            List.of("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512");

    private static final List<String> OLD_SIGNATURES = List.of("ssh-rsa");
    private static final List<String> OLD_CIPHERS = List.of("aes128-cbc", "aes192-cbc", "aes256-cbc");
    private static final List<String> OLD_MACS = List.of("hmac-sha1-etm@openssh.com", "hmac-sha1");

    private static final Map<String, List<String>> MODERN = Map.of(
            "kex",
            List.of(
                    "mlkem768x25519-sha256",
                    "curve25519-sha256",
                    "curve25519-sha256@libssh.org",
                    "ecdh-sha2-nistp256",
                    "ecdh-sha2-nistp384",
                    "ecdh-sha2-nistp521",
                    "diffie-hellman-group-exchange-sha256",
                    "diffie-hellman-group16-sha512",
                    "diffie-hellman-group18-sha512",
                    "diffie-hellman-group14-sha256"),
            SERVER_HOST_KEY,
            SIGNATURES,
            "PubkeyAcceptedAlgorithms",
            SIGNATURES,
            "cipher.c2s",
            CIPHERS,
            "cipher.s2c",
            CIPHERS,
            "mac.c2s",
            MACS,
            "mac.s2c",
            MACS);

    private static final Map<String, List<String>> OLD = Map.of(
            "kex",
            List.of("diffie-hellman-group14-sha1"),
            SERVER_HOST_KEY,
            OLD_SIGNATURES,
            "PubkeyAcceptedAlgorithms",
            OLD_SIGNATURES,
            "cipher.c2s",
            OLD_CIPHERS,
            "cipher.s2c",
            OLD_CIPHERS,
            "mac.c2s",
            OLD_MACS,
            "mac.s2c",
            OLD_MACS);

    private JschAlgorithms() {}

    static void apply(Algorithms algorithms, Session session) {
        MODERN.forEach((setting, modern) -> session.setConfig(
                setting,
                String.join(",", modern)
                        + (algorithms == Algorithms.LEGACY ? "," + String.join(",", OLD.get(setting)) : "")));
        // Where the server knows it too (OpenSSH 9.6): the remedy for CVE-2023-48795, "Terrapin".
        session.setConfig("enable_strict_kex", "yes");
        if (algorithms == Algorithms.MODERN) {
            // JSch verifies by whatever algorithm an RSA signature says it was made with, also one that was not
            // negotiated (RFC 8332 section 3.1 forbids that). It looks for the class of that name, and its message is
            // the name.
            session.setConfig("ssh-rsa", "the server signed with SHA-1 (ssh-rsa), which was not agreed on");
        }
    }

    /** The failure that JSch tells by its own exception. */
    static NegotiationFailed failure(Endpoint endpoint, Algorithms allowed, JSchAlgoNegoFailException e) {
        List<String> old = OLD.getOrDefault(e.getAlgorithmName(), List.of());
        boolean legacyWouldDo = allowed == Algorithms.MODERN
                && Arrays.stream(e.getServerProposal().split(",")).anyMatch(old::contains);
        return new NegotiationFailed(
                endpoint,
                kind(e.getAlgorithmName()),
                JschFailures.clean(e.getServerProposal()),
                JschFailures.clean(e.getJSchProposal()),
                legacyWouldDo,
                e);
    }

    private static AlgorithmKind kind(String setting) {
        return switch (setting) {
            case "kex" -> AlgorithmKind.KEY_EXCHANGE;
            case SERVER_HOST_KEY -> AlgorithmKind.HOST_KEY;
            case "cipher.c2s", "cipher.s2c" -> AlgorithmKind.CIPHER;
            case "mac.c2s", "mac.s2c" -> AlgorithmKind.MAC;
            default -> AlgorithmKind.COMPRESSION; // JSch negotiates languages too, and has none
        };
    }
}
