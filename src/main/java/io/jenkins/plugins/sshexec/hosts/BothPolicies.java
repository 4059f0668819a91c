package io.jenkins.plugins.sshexec.hosts;

import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Accepts what two policies accept.
 *
 * @param first is asked first; where it refuses, the second is not asked, and learns of no key
 */
record BothPolicies(HostKeyPolicy first, HostKeyPolicy second) implements HostKeyPolicy {

    @Override
    public String id() {
        return "both:" + first.id().length() + ":" + first.id() + ":" + second.id();
    }

    @Override
    public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
        HostKeyVerdict verdict = first.check(endpoint, offered);
        return verdict instanceof HostKeyVerdict.Accepted ? second.check(endpoint, offered) : verdict;
    }

    @Override
    public List<String> knownKeyTypes(Endpoint endpoint) {
        return Stream.concat(second.knownKeyTypes(endpoint).stream(), first.knownKeyTypes(endpoint).stream())
                .distinct()
                .toList();
    }

    /** Of an authority that both name; neither its key nor the host's may be revoked by one. */
    @Override
    public CertificateTrust certificateTrust(Endpoint endpoint) {
        CertificateTrust one = first.certificateTrust(endpoint);
        CertificateTrust other = second.certificateTrust(endpoint);
        Set<HostKey> revoked = new HashSet<>(one.revoked());
        revoked.addAll(other.revoked());
        Set<HostKey> authorities = new HashSet<>(one.authorities());
        authorities.retainAll(other.authorities());
        authorities.removeAll(revoked);
        return new CertificateTrust(authorities, revoked);
    }
}
