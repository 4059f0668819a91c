package io.jenkins.plugins.sshexec.core.transport;

import io.jenkins.plugins.sshexec.core.model.HostKey;

/**
 * What a session negotiated, for logs and pages.
 *
 * @param serverVersion the server's identification line (RFC 4253 section 4.2), cleaned of control characters
 * @param hostKey the key that the server proved to hold
 */
public record SessionFacts(String serverVersion, HostKey hostKey, String keyExchange, String cipher) {}
