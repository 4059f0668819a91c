package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import java.util.List;

/**
 * Where a command goes, with nothing left to look up but the login.
 *
 * @param name what the user calls the host, without user and port
 * @param named whether that is the name of a host that is configured, rather than an address
 * @param destination its address and port, and the login name where the step or the named host says one
 * @param proxy through which it is reached; null for none, and where there are hops
 * @param limits of the sessions to it, where they are not those of all hosts
 * @param hops the jump hosts through which it is reached, the nearest to the controller first; these have none themselves
 * @param credentialsId null for the one set of credentials whose domain names the address
 */
public record Target(
        String name,
        boolean named,
        Destination destination,
        @CheckForNull String credentialsId,
        HostKeyPolicy hostKeyPolicy,
        Algorithms algorithms,
        @CheckForNull HostProxy proxy,
        HostLimits limits,
        List<Target> hops) {

    public Target {
        hops = List.copyOf(hops);
    }

    public Endpoint endpoint() {
        return destination.endpoint();
    }

    /** The host as a user would type it: {@code web1}, or {@code web1:2222} where it has no name of its own. */
    public String shortName() {
        return named ? name : endpoint().toShortString();
    }

    /** How messages call a server: with its address, and first with the name by which the user knows it, if it has one. */
    public String describe(Endpoint server) {
        if (!server.equals(endpoint())) {
            for (Target hop : hops) {
                if (server.equals(hop.endpoint())) {
                    return hop.describe(server);
                }
            }
        }
        return named && server.equals(endpoint()) && !name.equalsIgnoreCase(server.host())
                ? name + " (" + server + ")"
                : server.toString();
    }

    Target withoutHops() {
        return new Target(name, named, destination, credentialsId, hostKeyPolicy, algorithms, proxy, limits, List.of());
    }
}
