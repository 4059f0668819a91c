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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One known_hosts file. Read anew when the file has changed, because it is asked for every command; a file that does not
 * exist has no lines, as for ssh(1).
 */
record KnownHostsFile(Path file) implements KnownHostsSource {

    /** A file that changed less than this ago may change again without its time showing it. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final Map<Path, Read> CACHE = new ConcurrentHashMap<>();

    /** What a file said when it had this time and size. */
    private record Read(FileTime modified, long size, List<Entry> entries) {
        boolean isOf(BasicFileAttributes file) {
            return modified.equals(file.lastModifiedTime()) && size == file.size();
        }
    }

    @Override
    public String id() {
        return file.toString();
    }

    @Override
    public String placeToAdd() {
        return Messages.KnownHostsFile_placeToAdd(file);
    }

    /**
     * The places are {@code file:line}.
     *
     * @throws IOException if the file exists but cannot be read; the message begins with its name
     */
    @Override
    public List<Entry> entries() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Read read = CACHE.get(file);
            if (read == null || !read.isOf(attributes)) {
                read = new Read(attributes.lastModifiedTime(), attributes.size(), parse());
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

    private List<Entry> parse() throws IOException {
        // Comments may be anything, so malformed bytes are replaced.
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return KnownHostsSource.parse(text, number -> file + ":" + number);
    }
}
