package io.jenkins.plugins.sshexec.core.error;

/** What is negotiated in a key exchange (RFC 4253 section 7.1). */
public enum AlgorithmKind {
    KEY_EXCHANGE,
    /** By what algorithm the server signs. */
    HOST_KEY,
    CIPHER,
    MAC,
    COMPRESSION
}
