package io.jenkins.plugins.sshexec.core.model;

import java.util.Set;

/**
 * By what a server's OpenSSH host certificate is judged (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 *
 * @param authorities keys that may sign the server's certificate; none of them is revoked
 * @param revoked keys that the certificate must neither certify nor be signed by
 */
public record CertificateTrust(Set<HostKey> authorities, Set<HostKey> revoked) {

    /** No certificate of the server is good. */
    public static final CertificateTrust NONE = new CertificateTrust(Set.of(), Set.of());

    public CertificateTrust {
        authorities = Set.copyOf(authorities);
        revoked = Set.copyOf(revoked);
    }

    /** Whether there is a key that may sign. */
    public boolean hasAuthorities() {
        return !authorities.isEmpty();
    }
}
