package io.jenkins.plugins.sshexec.core.model;

import java.util.Optional;

/**
 * What must be equal for two callers to share sessions: the server, the login with its secrets, the rule by which the
 * server was checked, the algorithms that were allowed, and the same of each jump host on the way. Never a credentials id:
 * two folders may hold different secrets under one id.
 *
 * @param user {@link Login#shownUser}, for display; the user name itself is part of the fingerprint
 * @param hostKeyPolicyId {@link HostKeyPolicy#id()}
 * @param via the jump host through which the server is reached, with those before it
 */
public record SessionKey(
        Endpoint endpoint,
        String user,
        String hostKeyPolicyId,
        Algorithms algorithms,
        LoginFingerprint fingerprint,
        Optional<SessionKey> via) {

    /** {@code user@host:port}, with the jump hosts behind it; of the secrets nothing. */
    @Override
    public String toString() {
        return user + "@" + endpoint + via.map(hop -> " via " + hop).orElse("");
    }
}
