package io.jenkins.plugins.sshexec.core.transport;

import io.jenkins.plugins.sshexec.core.model.HostProof;

/**
 * What a session negotiated, for logs and pages.
 *
 * @param serverVersion the server's identification line (RFC 4253 section 4.2), cleaned of control characters
 * @param hostProof the key that the server proved to hold, or that it had a certificate
 */
public record SessionFacts(String serverVersion, HostProof hostProof, String keyExchange, String cipher) {}
