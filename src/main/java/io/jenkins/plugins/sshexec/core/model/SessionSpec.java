package io.jenkins.plugins.sshexec.core.model;

/**
 * All that is needed to open a session.
 *
 * @param key the pool's key for such sessions, made of the other parts
 * @param login holds secrets; must not be wiped before the session is connected or given up
 */
public record SessionSpec(SessionKey key, Login login, HostKeyPolicy hostKeyPolicy) {

    /** With modern algorithms. */
    public static SessionSpec of(
            Endpoint endpoint, Login login, HostKeyPolicy hostKeyPolicy, LoginFingerprint.Maker fingerprints) {
        return of(endpoint, login, hostKeyPolicy, Algorithms.MODERN, fingerprints);
    }

    public static SessionSpec of(
            Endpoint endpoint,
            Login login,
            HostKeyPolicy hostKeyPolicy,
            Algorithms algorithms,
            LoginFingerprint.Maker fingerprints) {
        SessionKey key =
                new SessionKey(endpoint, login.shownUser(), hostKeyPolicy.id(), algorithms, fingerprints.of(login));
        return new SessionSpec(key, login, hostKeyPolicy);
    }

    public Endpoint endpoint() {
        return key.endpoint();
    }

    public Algorithms algorithms() {
        return key.algorithms();
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
