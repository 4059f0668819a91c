package io.jenkins.plugins.sshexec.hostkey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lines of one known_hosts file. Read anew when the file has changed, because it is asked for every command; a file
 * that does not exist has no lines, as for ssh(1).
 */
final class KnownHostsFile {

    /** A file that changed less than this ago may change again without its time showing it. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final Map<Path, Read> CACHE = new ConcurrentHashMap<>();

    /**
     * One line that is neither empty nor a comment.
     *
     * @param place {@code file:line}
     * @param line empty where the text is none of the format
     */
    record Entry(String place, String text, Optional<KnownHostsLine> line) {

        /** Whether the line is unreadable, but was to revoke a key: nobody knows which. */
        boolean isLostRevocation() {
            return line.isEmpty() && text.stripLeading().startsWith(KnownHostsLine.Marker.REVOKED.word());
        }
    }

    /** What a file said when it had this time and size. */
    private record Read(FileTime modified, long size, List<Entry> entries) {
        boolean isOf(BasicFileAttributes file) {
            return modified.equals(file.lastModifiedTime()) && size == file.size();
        }
    }

    private KnownHostsFile() {}

    /** @throws IOException if the file exists but cannot be read */
    static List<Entry> entries(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Read read = CACHE.get(file);
            if (read == null || !read.isOf(attributes)) {
                read = new Read(attributes.lastModifiedTime(), attributes.size(), parse(file));
                if (attributes
                        .lastModifiedTime()
                        .toInstant()
                        .isBefore(Instant.now().minus(SETTLED))) {
                    CACHE.put(file, read);
                }
            }
            return read.entries();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    private static List<Entry> parse(Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        // Comments may be anything, so malformed bytes are replaced.
        // Only a line feed ends a line: to OpenSSH, what follows a lone carriage return is still the same line.
        String[] lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n");
        for (int i = 0; i < lines.length; i++) {
            String text = lines[i].strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                entries.add(new Entry(file + ":" + (i + 1), text, line(text)));
            }
        }
        return List.copyOf(entries);
    }

    private static Optional<KnownHostsLine> line(String text) {
        try {
            return Optional.of(KnownHostsLine.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
