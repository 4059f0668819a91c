package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;

/**
 * A named host with the place where it is configured.
 *
 * @param folder null for the system configuration
 */
public record PlacedHost(@CheckForNull Item folder, NamedHost host) {

    /** For messages; no two hosts have the same. */
    @Override
    public String toString() {
        return folder == null
                ? Messages.PlacedHost_ofTheSystem(host)
                : Messages.PlacedHost_ofAFolder(host, folder.getFullName());
    }
}
