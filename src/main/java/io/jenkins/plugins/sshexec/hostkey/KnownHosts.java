package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What known_hosts files say of one server (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
final class KnownHosts {

    /** A key that the server may show, and the place, as {@code file:line}, that lists it. */
    record Known(HostKey key, String place) {}

    private final List<Known> keys = new ArrayList<>();
    private final List<HostKey> revoked = new ArrayList<>();
    private final List<String> authorityLines = new ArrayList<>();
    private final List<String> unreadableLines = new ArrayList<>();
    private final List<String> lostRevocations = new ArrayList<>();

    /** @throws IOException if a file exists but cannot be read */
    static KnownHosts read(List<Path> files, Endpoint endpoint) throws IOException {
        KnownHosts hosts = new KnownHosts();
        for (Path file : files) {
            for (KnownHostsFile.Entry entry : KnownHostsFile.entries(file)) {
                hosts.add(entry, endpoint.knownHostsName());
            }
        }
        return hosts;
    }

    private void add(KnownHostsFile.Entry entry, String name) {
        if (entry.line().isEmpty()) {
            (entry.isLostRevocation() ? lostRevocations : unreadableLines).add(entry.place());
            return;
        }
        KnownHostsLine line = entry.line().get();
        if (line.names(name)) {
            switch (line.marker()) {
                case REVOKED -> revoked.add(line.key());
                case CERT_AUTHORITY -> authorityLines.add(entry.place());
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
        return authorityLines;
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

    /** Where the keys stand, for messages. */
    String places() {
        return keys.stream().map(Known::place).collect(Collectors.joining(", "));
    }
}
