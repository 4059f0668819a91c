package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Item;
import io.jenkins.plugins.sshexec.hosts.HostResolver;

/** The hosts that a job knows by name, and the rest of the world by address. */
public final class NamedHosts {

    private NamedHosts() {}

    /** {@code host:port} of what is typed, be it a name or an address. */
    public static String address(@CheckForNull Item job, @CheckForNull String host) throws AbortException {
        return HostResolver.get()
                .resolve(job, ExecCall.destination(host), null)
                .endpoint()
                .toString();
    }
}
