package io.jenkins.plugins.sshexec.core.model;

import java.util.Optional;

/**
 * What must be equal for two callers to share sessions: the server, the login with its secrets, the rule by which the
 * server was checked, the algorithms that were allowed, and the way: the same of each jump host, and the proxy with its login. Never a credentials id:
 * two folders may hold different secrets under one id.
 *
 * @param user {@link Login#shownUser}, for display; the user name itself is part of the fingerprint
 * @param hostKeyPolicyId {@link HostKeyPolicy#id()}
 * @param proxy the proxy through which the server is reached
 * @param via the jump host through which the server is reached, with those before it
 */
public record SessionKey(
        Endpoint endpoint,
        String user,
        String hostKeyPolicyId,
        Algorithms algorithms,
        LoginFingerprint fingerprint,
        Optional<SessionKey> via,
        Optional<ProxyKey> proxy) {

    /** What must be equal of a proxy. */
    public record ProxyKey(Proxy.Type type, Endpoint endpoint, Optional<LoginFingerprint> fingerprint) {}

    /** {@code user@host:port}, with the jump hosts behind it; of the secrets nothing. */
    @Override
    public String toString() {
        return user + "@" + endpoint + via.map(hop -> " via " + hop).orElse("");
    }
}
