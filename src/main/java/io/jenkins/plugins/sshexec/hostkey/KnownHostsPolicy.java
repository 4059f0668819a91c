package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Accepts the keys that known_hosts files list, like {@code StrictHostKeyChecking=yes} in ssh_config(5). An edit of a file
 * works at once, for open sessions too.
 *
 * <p>Stricter than ssh(1) in one point: a key of another type than the listed ones counts as changed, not as unknown,
 * because whoever sits in the middle is free to offer a type that is not listed.
 */
final class KnownHostsPolicy implements HostKeyPolicy {

    private final List<Path> files;

    KnownHostsPolicy(List<Path> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public String id() {
        return "known-hosts:" + files;
    }

    @Override
    public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
        try {
            return verdict(KnownHosts.read(files, endpoint), endpoint, offered);
        } catch (IOException e) {
            return new Refused(Cause.UNREADABLE, Messages.KnownHostsPolicy_unreadable(e.getMessage()));
        }
    }

    private HostKeyVerdict verdict(KnownHosts known, Endpoint endpoint, HostKey offered) {
        if (known.isRevoked(offered)) {
            return new Refused(Cause.REVOKED, Messages.KnownHostsPolicy_revoked());
        }
        if (!known.lostRevocations().isEmpty()) {
            // Perhaps it is this key that the line was to revoke.
            String places = String.join(", ", known.lostRevocations());
            return new Refused(Cause.UNREADABLE, Messages.KnownHostsPolicy_lostRevocation(places));
        }
        if (known.isKnown(offered)) {
            return new Accepted();
        }
        if (!known.keys().isEmpty()) {
            String listed =
                    known.keys().stream().map(entry -> entry.key().toString()).collect(Collectors.joining(", "));
            return new Refused(Cause.CHANGED, Messages.KnownHostsPolicy_changed(listed, known.places()));
        }
        return new Refused(Cause.UNKNOWN, unknown(known, endpoint, offered));
    }

    /** What to do about a server that no line names, and why a line that looks as if it did does not count. */
    private String unknown(KnownHosts known, Endpoint endpoint, HostKey offered) {
        if (!known.authorityLines().isEmpty()) {
            return Messages.KnownHostsPolicy_certAuthority(String.join(", ", known.authorityLines()));
        }
        String line = KnownHostsLine.format(endpoint.knownHostsName(), offered);
        String advice = Messages.KnownHostsPolicy_unknown(files.get(0), line);
        return known.unreadableLines().isEmpty()
                ? advice
                : advice + " " + Messages.KnownHostsPolicy_badLines(String.join(", ", known.unreadableLines()));
    }

    @Override
    public List<String> knownKeyTypes(Endpoint endpoint) {
        try {
            return KnownHosts.read(files, endpoint).keys().stream()
                    .map(known -> known.key().type())
                    .distinct()
                    .toList();
        } catch (IOException e) {
            // Without a preference the handshake goes on to check(), which reports the failure.
            return List.of();
        }
    }
}
