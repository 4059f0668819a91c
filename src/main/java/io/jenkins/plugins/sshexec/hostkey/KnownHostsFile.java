package io.jenkins.plugins.sshexec.hostkey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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

    /** File systems keep times this coarsely at worst; an edit so soon after another may leave the time as it is. */
    private static final long TIME_STEP_MILLIS = 2_000;

    /** What a file said when it had this time and size. */
    private record Read(FileTime modified, long size, long readMillis, List<Entry> entries) {
        boolean isOf(BasicFileAttributes file) {
            return modified.equals(file.lastModifiedTime())
                    && size == file.size()
                    && readMillis - modified.toMillis() > TIME_STEP_MILLIS;
        }
    }

    private KnownHostsFile() {}

    /** @throws IOException if the file exists but cannot be read */
    static List<Entry> entries(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Read read = CACHE.get(file);
            if (read == null || !read.isOf(attributes)) {
                read = new Read(
                        attributes.lastModifiedTime(), attributes.size(), System.currentTimeMillis(), parse(file));
                CACHE.put(file, read);
            }
            return read.entries();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static List<Entry> parse(Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        // ISO-8859-1 takes any bytes; what matters of a line is ASCII, and comments may be anything.
        // Only a line feed ends a line: to OpenSSH, what follows a lone carriage return is still the same line.
        String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n");
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
