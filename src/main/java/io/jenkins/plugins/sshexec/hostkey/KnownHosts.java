package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lines of known_hosts files that name one server, in the format of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". Immutable.
 *
 * @param keys keys that the server may show
 * @param revoked keys that it must not show
 * @param authorityLines where a {@code @cert-authority} line names the server, as {@code file:line}
 * @param unreadableLines where a line is none of the format, as {@code file:line}; it may have named this server
 */
record KnownHosts(List<Known> keys, List<HostKey> revoked, List<String> authorityLines, List<String> unreadableLines) {

    /** A key and the place, as {@code file:line}, that lists it. */
    record Known(HostKey key, String place) {}

    KnownHosts {
        keys = List.copyOf(keys);
        revoked = List.copyOf(revoked);
        authorityLines = List.copyOf(authorityLines);
        unreadableLines = List.copyOf(unreadableLines);
    }

    /**
     * Reads what {@code files} say of {@code endpoint}. A file that does not exist says nothing, as in ssh(1).
     *
     * @throws IOException if a file exists but cannot be read
     */
    static KnownHosts read(List<Path> files, Endpoint endpoint) throws IOException {
        Reader reader = new Reader(endpoint.knownHostsName());
        for (Path file : files) {
            List<String> lines;
            try {
                // ISO-8859-1 takes any bytes; what matters of a line is ASCII, and comments may be anything.
                lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            } catch (NoSuchFileException e) {
                continue;
            }
            for (int i = 0; i < lines.size(); i++) {
                reader.line(lines.get(i), file + ":" + (i + 1));
            }
        }
        return reader.found();
    }

    boolean isKnown(HostKey key) {
        return keys.stream().anyMatch(known -> known.key().equals(key));
    }

    /** Where the keys stand, for messages. */
    String places() {
        return keys.stream().map(Known::place).collect(Collectors.joining(", "));
    }

    /** Collects the lines that name one server. */
    private static final class Reader {

        private final String name;
        private final List<Known> keys = new ArrayList<>();
        private final List<HostKey> revoked = new ArrayList<>();
        private final List<String> authorityLines = new ArrayList<>();
        private final List<String> unreadableLines = new ArrayList<>();

        Reader(String name) {
            this.name = name;
        }

        void line(String text, String place) {
            if (text.isBlank() || text.stripLeading().startsWith("#")) {
                return;
            }
            try {
                KnownHostsLine line = KnownHostsLine.parse(text);
                if (line.names(name)) {
                    switch (line.marker()) {
                        case REVOKED -> revoked.add(line.key());
                        case CERT_AUTHORITY -> authorityLines.add(place);
                        case NONE -> keys.add(new Known(line.key(), place));
                    }
                }
            } catch (IllegalArgumentException e) {
                unreadableLines.add(place);
            }
        }

        KnownHosts found() {
            return new KnownHosts(keys, revoked, authorityLines, unreadableLines);
        }
    }
}
