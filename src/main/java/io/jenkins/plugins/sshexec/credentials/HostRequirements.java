package io.jenkins.plugins.sshexec.credentials;

import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import com.cloudbees.plugins.credentials.domains.HostnameRequirement;
import com.cloudbees.plugins.credentials.domains.SchemeRequirement;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.util.List;

/** What a credentials domain must allow for its credentials to be used with a server. */
final class HostRequirements {

    private HostRequirements() {}

    /** Those of a host that no domain names: what fits these fits all. */
    static List<DomainRequirement> ofNoHost() {
        // RFC 6761 section 6.4: no host has such a name. As odd as it is, so that no pattern was made for it either.
        return of(new Endpoint("no-domain-names-this-host.invalid", 1));
    }

    static List<DomainRequirement> of(Endpoint endpoint) {
        return List.of(
                new SchemeRequirement("ssh"),
                new HostnameRequirement(endpoint.host()),
                new HostnamePortRequirement(endpoint.host(), endpoint.port()));
    }
}
