package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Item;
import io.jenkins.plugins.sshexec.hosts.HostResolver;
import java.util.List;

/** The hosts that a job knows by name, and the rest of the world by address. */
public final class NamedHosts {

    private NamedHosts() {}

    /**
     * The names of the hosts with a label, that the job knows.
     *
     * @throws AbortException where there is none
     */
    public static List<String> labelled(@CheckForNull Item job, String label) throws AbortException {
        List<String> names = HostResolver.get().labelled(job, label);
        if (names.isEmpty()) {
            throw new AbortException(Messages.NamedHosts_noneLabelled(LogText.oneLine(label)));
        }
        return names;
    }

    /** {@code host:port} of what is typed, be it a name or an address. */
    public static String address(@CheckForNull Item job, @CheckForNull String host) throws AbortException {
        return HostResolver.get()
                .resolve(job, ExecCall.destination(host), null)
                .endpoint()
                .toString();
    }
}
