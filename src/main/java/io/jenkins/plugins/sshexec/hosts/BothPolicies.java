package io.jenkins.plugins.sshexec.hosts;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import java.util.List;
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
}
