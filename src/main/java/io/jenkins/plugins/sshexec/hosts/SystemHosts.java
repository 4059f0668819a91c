package io.jenkins.plugins.sshexec.hosts;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import java.util.List;

/** What the system configuration, of which this package knows nothing else, says of hosts. */
public interface SystemHosts extends ExtensionPoint {

    /** The hosts that builds of all folders know by name. */
    List<NamedHost> getHosts();

    /** That of every host which has none of its own; none is checked more laxly. */
    HostKeyVerification getHostKeyVerification();

    /** Sessions in use at once to a host that has no limit of its own. */
    int getSessionsPerHost();

    /** The one there is. */
    static SystemHosts get() {
        return ExtensionList.lookupSingleton(SystemHosts.class);
    }
}
