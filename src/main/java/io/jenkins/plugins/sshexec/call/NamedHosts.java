package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Item;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.hosts.HostResolver;
import io.jenkins.plugins.sshexec.hosts.Target;
import io.jenkins.plugins.sshexec.hosts.UnfitHostException;

/** The hosts that a job knows by name, and the rest of the world by address. */
public final class NamedHosts {

    private NamedHosts() {}

    /**
     * Where a job's command goes, as the settings are now.
     *
     * @param job null on a page outside of any job
     * @param credentialsId as typed, if at all
     */
    public static Target resolve(@CheckForNull Item job, Destination typed, @CheckForNull String credentialsId)
            throws UnfitHostException {
        SshExecConfiguration configuration = SshExecConfiguration.get();
        return new HostResolver(configuration.getHosts(), configuration.getHostKeyVerification())
                .resolve(typed, credentialsId);
    }

    /** {@code host:port} of what is typed, be it a name or an address. */
    public static String address(@CheckForNull Item job, @CheckForNull String host) throws AbortException {
        return resolve(job, ExecCall.destination(host), null).endpoint().toString();
    }
}
