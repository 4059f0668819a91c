package io.jenkins.plugins.sshexec.hostkey;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Writing of the files that hold host keys. Callers see to it that nobody else writes the same file at the same time. */
final class StoredFile {

    private StoredFile() {}

    /** Replaces the file as a whole, so that a crash leaves the old one or the new one; makes its directory if need be. */
    static void replace(Path file, byte[] content) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent(), "The file must be in a directory.");
        Files.createDirectories(directory);
        Path next = Files.createTempFile(directory, "known_hosts", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                out.write(content);
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
