package io.jenkins.plugins.sshexec.core.model;

import java.util.Optional;

/**
 * All that is needed to open a session.
 *
 * @param key the pool's key for such sessions, made of the other parts
 * @param via how to reach the jump host behind which the server is; empty where it is reached directly
 * @param proxy through which the server is reached where it is not behind a jump host
 * @param limits that the caller keeps to
 * @param login holds secrets; must not be wiped before the session is connected or given up
 */
public record SessionSpec(
        SessionKey key,
        Login login,
        HostKeyPolicy hostKeyPolicy,
        Optional<SessionSpec> via,
        Optional<Proxy> proxy,
        HostLimits limits) {

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
        SessionKey key = new SessionKey(
                endpoint,
                login.shownUser(),
                hostKeyPolicy.id(),
                algorithms,
                fingerprints.of(login),
                Optional.empty(),
                Optional.empty());
        return new SessionSpec(key, login, hostKeyPolicy, Optional.empty(), Optional.empty(), HostLimits.NONE);
    }

    /** The same server, behind a jump host. */
    public SessionSpec through(SessionSpec hop) {
        SessionKey keyOfAll = new SessionKey(
                key.endpoint(),
                key.user(),
                key.hostKeyPolicyId(),
                key.algorithms(),
                key.fingerprint(),
                Optional.of(hop.key()),
                Optional.empty());
        return new SessionSpec(keyOfAll, login, hostKeyPolicy, Optional.of(hop), Optional.empty(), limits);
    }

    /** The same server, through a proxy and no jump host. */
    public SessionSpec by(Proxy through, LoginFingerprint.Maker fingerprints) {
        SessionKey keyOfAll = new SessionKey(
                key.endpoint(),
                key.user(),
                key.hostKeyPolicyId(),
                key.algorithms(),
                key.fingerprint(),
                Optional.empty(),
                Optional.of(new SessionKey.ProxyKey(
                        through.type(), through.endpoint(), through.login().map(fingerprints::of))));
        return new SessionSpec(keyOfAll, login, hostKeyPolicy, Optional.empty(), Optional.of(through), limits);
    }

    /** The same, for a caller that keeps to these limits. */
    public SessionSpec within(HostLimits own) {
        return new SessionSpec(key, login, hostKeyPolicy, via, proxy, own);
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
