package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * From what a user types to where it goes. A word that names no host is an address. What is typed wins over what the named
 * host says. Asked anew for each command, so that a change counts for the next one. Never blocks.
 */
public final class HostResolver {

    private final List<NamedHost> hosts;
    private final HostKeyVerification verification;

    /**
     * @param hosts of the system configuration
     * @param verification of the system configuration; no named host may have a laxer one
     */
    public HostResolver(List<NamedHost> hosts, HostKeyVerification verification) {
        this.hosts = hosts;
        this.verification = verification;
    }

    /**
     * @param credentialsId as typed; null to take that of the named host
     * @throws UnfitHostException where the host is configured in a way that is not allowed, or is not any more
     */
    public Target resolve(Destination typed, @CheckForNull String credentialsId) throws UnfitHostException {
        Optional<NamedHost> named = hosts.stream()
                .filter(host -> host.getName().equalsIgnoreCase(typed.host()))
                .findFirst();
        if (named.isEmpty()) {
            return new Target(typed.host(), false, typed, credentialsId, verification.policy(), Algorithms.MODERN);
        }
        NamedHost host = named.get();
        Optional<String> problem = HostRules.problemOf(host, verification);
        if (problem.isPresent()) {
            throw new UnfitHostException(problem.get());
        }
        return new Target(
                host.getName(),
                true,
                new Destination(
                        typed.user().or(() -> Optional.ofNullable(host.getUser())),
                        host.addressOrName(),
                        OptionalInt.of(typed.port().orElse(host.getPort()))),
                credentialsId == null ? host.getCredentialsId() : credentialsId,
                policyOf(host),
                host.isLegacyAlgorithms() ? Algorithms.LEGACY : Algorithms.MODERN);
    }

    private HostKeyPolicy policyOf(NamedHost host) {
        HostKeyVerification own = host.getHostKeyVerification();
        return (own == null ? verification : own).policy();
    }
}
