package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What known_hosts lines say of one server (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
final class KnownHosts {

    /** A key that the server may show, and the place that lists it. */
    record Known(HostKey key, String place) {}

    private final List<Known> keys = new ArrayList<>();
    private final List<HostKey> revoked = new ArrayList<>();
    private final List<Known> authorities = new ArrayList<>();
    private final List<String> unreadableLines = new ArrayList<>();
    private final List<String> lostRevocations = new ArrayList<>();

    /** @throws IOException if a file exists but cannot be read */
    static KnownHosts read(List<KnownHostsSource> sources, Endpoint endpoint) throws IOException {
        KnownHosts hosts = new KnownHosts();
        for (KnownHostsSource source : sources) {
            for (KnownHostsSource.Entry entry : source.entries()) {
                hosts.add(entry, endpoint.knownHostsName());
            }
        }
        return hosts;
    }

    private void add(KnownHostsSource.Entry entry, String name) {
        if (entry.line().isEmpty()) {
            (entry.isLostRevocation() ? lostRevocations : unreadableLines).add(entry.place());
            return;
        }
        KnownHostsLine line = entry.line().get();
        if (line.names(name)) {
            switch (line.marker()) {
                case REVOKED -> revoked.add(line.key());
                case CERT_AUTHORITY -> authorities.add(new Known(line.key(), entry.place()));
                case NONE -> keys.add(new Known(line.key(), entry.place()));
            }
        }
    }

    /** Keys that the server may show. */
    List<Known> keys() {
        return keys;
    }

    /** Where a {@code @cert-authority} line names the server. */
    List<String> authorityLines() {
        return authorities.stream().map(Known::place).toList();
    }

    /** By what the server's certificate is judged; by nothing while a revoked key may have been overlooked. */
    CertificateTrust certificateTrust() {
        if (!lostRevocations.isEmpty()) {
            return CertificateTrust.NONE;
        }
        Set<HostKey> mayYetSign = authorities.stream()
                .map(Known::key)
                .filter(key -> !isRevoked(key))
                .collect(Collectors.toSet());
        return new CertificateTrust(mayYetSign, Set.copyOf(revoked));
    }

    /** Where a line cannot be read; it may have named this server. */
    List<String> unreadableLines() {
        return unreadableLines;
    }

    /** Where a line that was to revoke a key cannot be read. */
    List<String> lostRevocations() {
        return lostRevocations;
    }

    boolean isRevoked(HostKey key) {
        return revoked.contains(key);
    }

    boolean isKnown(HostKey key) {
        return keys.stream().anyMatch(known -> known.key().equals(key));
    }

    /** The keys with their fingerprints, for messages. */
    String fingerprints() {
        return keys.stream().map(known -> known.key().toString()).collect(Collectors.joining(", "));
    }

    /** Where the keys stand, for messages. */
    String places() {
        return keys.stream().map(Known::place).collect(Collectors.joining(", "));
    }
}
