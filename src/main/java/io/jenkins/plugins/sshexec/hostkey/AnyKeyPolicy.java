package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import java.util.List;

/** Accepts every key: whoever is in the middle gets the login. */
final class AnyKeyPolicy implements HostKeyPolicy {

    @Override
    public String id() {
        return "any";
    }

    @Override
    public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
        return new HostKeyVerdict.Accepted();
    }

    @Override
    public List<String> knownKeyTypes(Endpoint endpoint) {
        return List.of();
    }
}
