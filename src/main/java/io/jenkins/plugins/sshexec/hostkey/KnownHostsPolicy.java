package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
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
 * Accepts the keys that known_hosts lines list, and certificates of the authorities that they name, like {@code StrictHostKeyChecking=yes} in ssh_config(5). An edit of a file
 * works at once, for open sessions too.
 *
 * <p>Stricter than ssh(1) in one point: a key of another type than the listed ones counts as changed, not as unknown,
 * because whoever sits in the middle is free to offer a type that is not listed.
 */
final class KnownHostsPolicy implements HostKeyPolicy {

    private final List<KnownHostsSource> sources;

    KnownHostsPolicy(List<? extends KnownHostsSource> sources) {
        this.sources = List.copyOf(sources);
    }

    static KnownHostsPolicy ofFiles(List<Path> files) {
        return new KnownHostsPolicy(files.stream().map(KnownHostsFile::new).toList());
    }

    @Override
    public String id() {
        return sources.stream().map(KnownHostsSource::id).collect(Collectors.joining("\n", "known-hosts:", ""));
    }

    @Override
    public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
        try {
            return verdict(read(endpoint), endpoint, offered);
        } catch (IOException e) {
            return new Refused(Cause.UNREADABLE, Messages.KnownHostsPolicy_unreadable(e.getMessage()));
        }
    }

    /** What is known of this server now. */
    KnownHosts read(Endpoint endpoint) throws IOException {
        return KnownHosts.read(sources, endpoint);
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
            return new Refused(Cause.CHANGED, Messages.KnownHostsPolicy_changed(known.fingerprints(), known.places()));
        }
        return new Refused(Cause.UNKNOWN, unknown(known, endpoint, offered));
    }

    /** What to do about a server that no line names, and why a line that looks as if it did does not count. */
    private String unknown(KnownHosts known, Endpoint endpoint, HostKey offered) {
        if (!known.authorityLines().isEmpty()) {
            return Messages.KnownHostsPolicy_certAuthority(String.join(", ", known.authorityLines()));
        }
        String line = KnownHostsLine.format(endpoint.knownHostsName(), offered);
        String advice = Messages.KnownHostsPolicy_unknown(sources.get(0).placeToAdd(), line);
        return known.unreadableLines().isEmpty()
                ? advice
                : advice + " " + Messages.KnownHostsPolicy_badLines(String.join(", ", known.unreadableLines()));
    }

    @Override
    public List<String> knownKeyTypes(Endpoint endpoint) {
        try {
            return read(endpoint).keys().stream()
                    .map(known -> known.key().type())
                    .distinct()
                    .toList();
        } catch (IOException e) {
            // Without a preference the handshake goes on to check(), which reports the failure.
            return List.of();
        }
    }

    @Override
    public CertificateTrust certificateTrust(Endpoint endpoint) {
        try {
            return read(endpoint).certificateTrust();
        } catch (IOException e) {
            // Without a certificate the handshake goes on to check(), which reports the failure.
            return CertificateTrust.NONE;
        }
    }
}
