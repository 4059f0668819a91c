package io.jenkins.plugins.sshexec.hosts;

import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import java.util.List;

/** Knows the hosts of single folders. An extension, since there are folders only where their plugin is installed. */
interface HostSource extends ExtensionPoint {

    /** The hosts of this very folder, without those of the folders around it; empty for what is no folder. */
    List<NamedHost> hostsOf(ItemGroup<?> group);

    /** The hosts of all folders that the user of the calling thread may see. */
    List<PlacedHost> allHosts();
}
