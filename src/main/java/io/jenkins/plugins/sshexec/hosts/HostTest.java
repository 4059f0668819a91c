package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Item;

/** Tries to reach a host as it stands in a form. An extension, since this package knows nothing of connections. */
public interface HostTest extends ExtensionPoint {

    /**
     * Blocks while it connects. The caller has checked that the user may edit the host and use the credentials of its place.
     *
     * @param place the folder in whose form the host is; null for the system configuration
     * @return one sentence that says what was reached
     * @throws AbortException whose message is one sentence that says what failed and what to do
     */
    String run(@CheckForNull Item place, NamedHost host) throws AbortException;

    /** The one there is. */
    static HostTest get() {
        return ExtensionList.lookupSingleton(HostTest.class);
    }
}
