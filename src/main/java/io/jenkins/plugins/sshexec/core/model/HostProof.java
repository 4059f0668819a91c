package io.jenkins.plugins.sshexec.core.model;

import java.util.stream.Collectors;

/** By what a server has proved who it is, when its session was opened. */
public sealed interface HostProof {

    /** Whether the policy, as it is now, would let such a session be opened. */
    boolean isAcceptedBy(HostKeyPolicy policy, Endpoint endpoint);

    /** Type of the key or of the certificate. */
    String type();

    /** Of the key; with a certificate, of the authority's key or of those that it may be. */
    String fingerprint();

    /** A key that the policy accepts by itself. */
    record Key(HostKey key) implements HostProof {
        @Override
        public boolean isAcceptedBy(HostKeyPolicy policy, Endpoint endpoint) {
            return policy.check(endpoint, key) instanceof HostKeyVerdict.Accepted;
        }

        @Override
        public String type() {
            return key.type();
        }

        @Override
        public String fingerprint() {
            return key.fingerprint();
        }
    }

    /**
     * A certificate that was good by {@code trust}. The SSH library does not say which one it was, so the session is good
     * for as long as nothing in this has changed.
     *
     * @param type such as {@code ssh-ed25519-cert-v01@openssh.com}
     */
    record Certificate(String type, CertificateTrust trust) implements HostProof {
        @Override
        public boolean isAcceptedBy(HostKeyPolicy policy, Endpoint endpoint) {
            return policy.certificateTrust(endpoint).equals(trust);
        }

        @Override
        public String fingerprint() {
            return trust.authorities().stream()
                    .map(HostKey::fingerprint)
                    .sorted()
                    .collect(Collectors.joining(" or "));
        }
    }
}
