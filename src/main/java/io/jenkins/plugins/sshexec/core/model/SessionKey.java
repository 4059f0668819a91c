package io.jenkins.plugins.sshexec.core.model;

/**
 * What must be equal for two callers to share sessions: the server, the login with its secrets, the rule by which the
 * server was checked, and the algorithms that were allowed. Never a credentials id: two folders may hold different secrets under one id.
 *
 * @param user {@link Login#shownUser}, for display; the user name itself is part of the fingerprint
 * @param hostKeyPolicyId {@link HostKeyPolicy#id()}
 */
public record SessionKey(
        Endpoint endpoint, String user, String hostKeyPolicyId, Algorithms algorithms, LoginFingerprint fingerprint) {

    /** {@code user@host:port}; of the secrets nothing. */
    @Override
    public String toString() {
        return user + "@" + endpoint;
    }
}
