package io.jenkins.plugins.sshexec.hostkey;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;

/**
 * How the controller makes sure that a server is the one that it claims to be; chosen under Manage Jenkins, System.
 *
 * <dl>
 *   <dt>{@link KnownHostsFileVerification}, the default
 *   <dd>Only keys that an administrator has put into known_hosts files.
 *   <dt>{@link GivenKeysVerification}
 *   <dd>Only keys that are listed in the configuration itself.
 *   <dt>{@link ApprovedKeysVerification}
 *   <dd>Only keys that an administrator has approved; a key that is seen for the first time waits for it.
 *   <dt>{@link AcceptNewVerification}
 *   <dd>The key shown at the first contact is trusted and remembered; a changed key is refused.
 *   <dt>{@link NoVerification}, not recommended
 *   <dd>Any key, always.
 * </dl>
 */
public abstract class HostKeyVerification implements Describable<HostKeyVerification>, ExtensionPoint {

    /**
     * The rule in force, for handshakes from now on.
     *
     * @param requester who wants to connect, such as the full name of a job; for the record of a key that is seen for the
     *     first time, and of no influence on what is decided
     */
    public abstract HostKeyPolicy policy(String requester);

    /** How it compares with others: what is chosen for one host may be stricter than what is chosen for all, never laxer. */
    public abstract Strictness strictness();

    /**
     * Whether a host of a folder may have it, though who configures a folder is no administrator: it must neither name a
     * file of the controller nor do more than refuse what the verification of all hosts accepts.
     */
    public boolean isForFolders() {
        return false;
    }
}
