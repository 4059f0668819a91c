package io.jenkins.plugins.sshexec.hostkey;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Failure;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.hostkey.HostKeyRegister.OutdatedException;
import java.io.IOException;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.management.Badge;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Manage Jenkins, SSH host keys: where administrators decide about the keys of the {@link HostKeyRegister}, and who may read
 * the system configuration sees them.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class HostKeysLink extends ManagementLink {

    static final String URL_NAME = "ssh-host-keys";

    private static final Logger LOGGER = Logger.getLogger(HostKeysLink.class.getName());

    /** Where the page is, for messages: the way to it, and its address where Jenkins knows its own. */
    static String place() {
        String root = Jenkins.get().getRootUrl();
        return root == null
                ? Messages.HostKeysLink_place()
                : Messages.HostKeysLink_placeWithAddress(root + "manage/" + URL_NAME + "/");
    }

    @Override
    public String getIconFileName() {
        return "symbol-fingerprint";
    }

    @Override
    public String getDisplayName() {
        return Messages.HostKeysLink_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.HostKeysLink_description();
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.SECURITY;
    }

    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.SYSTEM_READ;
    }

    /** How many keys wait. */
    @CheckForNull
    @Override
    public Badge getBadge() {
        try {
            long waiting = HostKeyRegister.get().keys().stream()
                    .filter(key -> key.state() == RegisteredKey.State.WAITING)
                    .count();
            return waiting == 0
                    ? null
                    : new Badge(
                            String.valueOf(waiting), Messages.HostKeysLink_waiting(waiting), Badge.Severity.WARNING);
        } catch (IOException e) {
            // The page itself says so; the list of pages must not fail because of it.
            LOGGER.log(Level.FINE, "The host keys cannot be read", e);
            return new Badge("!", Messages.KnownHostsPolicy_unreadable(e.getMessage()), Badge.Severity.DANGER);
        }
    }

    /** For the view: what is to be shown now. */
    public HostKeysPage getPage() throws IOException {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return HostKeysPage.of(HostKeyRegister.get());
    }

    /**
     * Lets a server show a key from now on.
     *
     * @param hostname the server's known_hosts name
     * @param fingerprint of the key
     * @param replaced fingerprints, parted by spaces, of the server's other keys that the administrator saw in force and
     *     wants replaced; empty for none
     */
    @POST
    public HttpResponse doApprove(
            @QueryParameter String hostname, @QueryParameter String fingerprint, @QueryParameter String replaced)
            throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return decide(hostname, fingerprint, (key, administrator) -> HostKeyRegister.get()
                .approve(hostname, key, words(replaced), administrator));
    }

    /** Refuses a key of a server from now on; the parameters are those of {@link #doApprove}. */
    @POST
    public HttpResponse doReject(@QueryParameter String hostname, @QueryParameter String fingerprint)
            throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return decide(hostname, fingerprint, (key, administrator) -> HostKeyRegister.get()
                .reject(hostname, key, administrator));
    }

    private static Set<String> words(@CheckForNull String text) {
        return Stream.of(Util.fixNull(text).split(" "))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }

    private interface Decision {
        void about(HostKey key, String administrator) throws IOException, OutdatedException;
    }

    private static HttpResponse decide(
            @CheckForNull String hostname, @CheckForNull String fingerprint, Decision decision) throws IOException {
        HostKey key = HostKeyRegister.get().keys().stream()
                .filter(each -> each.hostname().equals(hostname))
                .map(RegisteredKey::key)
                .filter(each -> each.fingerprint().equals(fingerprint))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Messages.HostKeyRegister_notListed(Util.fixNull(hostname), Util.fixNull(fingerprint))));
        try {
            decision.about(key, Jenkins.getAuthentication2().getName());
        } catch (OutdatedException | HostKeyRegister.DamagedException e) {
            throw new Failure(e.getMessage());
        }
        return HttpResponses.redirectToDot();
    }
}
