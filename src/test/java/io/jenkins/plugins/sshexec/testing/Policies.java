package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import java.util.List;

/** Host key policies for tests. */
public final class Policies {

    private Policies() {}

    public static HostKeyPolicy acceptAny() {
        return new Fixed("any", new HostKeyVerdict.Accepted(), List.of());
    }

    public static HostKeyPolicy refuse(HostKeyVerdict.Cause cause) {
        return new Fixed("refuse", new HostKeyVerdict.Refused(cause, "Add the key to known_hosts, line 1."), List.of());
    }

    /** Accepts any key, and asks for keys of these types first. */
    public static HostKeyPolicy knowing(String... keyTypes) {
        return new Fixed("knowing", new HostKeyVerdict.Accepted(), List.of(keyTypes));
    }

    /** Accepts any key, and judges certificates in this way; asks for keys of these types first. */
    public static HostKeyPolicy trusting(CertificateTrust trust, String... keyTypes) {
        return new Fixed("trusting", new HostKeyVerdict.Accepted(), List.of(keyTypes), trust);
    }

    private record Fixed(String id, HostKeyVerdict verdict, List<String> types, CertificateTrust certificateTrust)
            implements HostKeyPolicy {

        Fixed(String id, HostKeyVerdict verdict, List<String> types) {
            this(id, verdict, types, CertificateTrust.NONE);
        }

        @Override
        public CertificateTrust certificateTrust(Endpoint endpoint) {
            return certificateTrust;
        }

        @Override
        public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
            return verdict;
        }

        @Override
        public List<String> knownKeyTypes(Endpoint endpoint) {
            return types;
        }
    }
}
