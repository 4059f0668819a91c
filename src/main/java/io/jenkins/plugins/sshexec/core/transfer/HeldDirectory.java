package io.jenkins.plugins.sshexec.core.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A directory of this machine that is held open: whoever puts a link in the place of it, or of one that it is in, does not lead
 * what is done here to elsewhere. Where the file system cannot hold directories (as on Windows), all is done by path. No link in
 * it is followed. Used by one thread.
 */
final class HeldDirectory implements Closeable {

    private final Path path;

    /** Null where the file system has no such thing. */
    private final SecureDirectoryStream<Path> held;

    private HeldDirectory(Path path, SecureDirectoryStream<Path> held) {
        this.path = path;
        this.held = held;
    }

    /**
     * Opens a directory step by step.
     *
     * @param top is not to be left; opened by its path
     * @param directory below, or the same; without links when it was looked at
     * @throws IOException also where there is a link by now
     */
    static HeldDirectory open(Path top, Path directory) throws IOException {
        DirectoryStream<Path> opened = Files.newDirectoryStream(top);
        if (!(opened instanceof SecureDirectoryStream<Path> at)) {
            opened.close();
            return new HeldDirectory(directory, null);
        }
        try {
            for (Path name : top.relativize(directory)) {
                if (!name.toString().isEmpty()) {
                    SecureDirectoryStream<Path> next = at.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
                    at.close();
                    at = next;
                }
            }
        } catch (IOException | RuntimeException e) {
            at.close();
            throw e;
        }
        return new HeldDirectory(directory, at);
    }

    Path path() {
        return path;
    }

    private Path name(String name) {
        return path.getFileSystem().getPath(name);
    }

    /** @param options without {@link LinkOption#NOFOLLOW_LINKS}, which is always meant */
    SeekableByteChannel channel(String name, Set<OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Set<OpenOption> all = new HashSet<>(options);
        all.add(LinkOption.NOFOLLOW_LINKS);
        return held == null
                ? Files.newByteChannel(path.resolve(name), all, attributes)
                : held.newByteChannel(name(name), all, attributes);
    }

    private <V extends FileAttributeView> V view(String name, Class<V> type) {
        return held == null
                ? Files.getFileAttributeView(path.resolve(name), type, LinkOption.NOFOLLOW_LINKS)
                : held.getFileAttributeView(name(name), type, LinkOption.NOFOLLOW_LINKS);
    }

    /** Of what is there; of a link itself. Empty where nothing is. */
    Optional<BasicFileAttributes> attributes(String name) throws IOException {
        try {
            return Optional.of(view(name, BasicFileAttributeView.class).readAttributes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Only where the file system has them. */
    Set<PosixFilePermission> permissions(String name) throws IOException {
        return view(name, PosixFileAttributeView.class).readAttributes().permissions();
    }

    void setPermissions(String name, Set<PosixFilePermission> permissions) throws IOException {
        view(name, PosixFileAttributeView.class).setPermissions(permissions);
    }

    void setTime(String name, FileTime modified) throws IOException {
        view(name, BasicFileAttributeView.class).setTimes(modified, null, null);
    }

    void deleteIfExists(String name) throws IOException {
        if (held == null) {
            Files.deleteIfExists(path.resolve(name));
            return;
        }
        try {
            held.deleteFile(name(name));
        } catch (NoSuchFileException e) {
            // Then it need not be deleted.
        }
    }

    /** In one moment, also where there is a file of the other name. */
    void rename(String from, String to) throws IOException {
        if (held == null) {
            Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } else {
            held.move(name(from), held, name(to));
        }
    }

    @Override
    public void close() throws IOException {
        if (held != null) {
            held.close();
        }
    }
}
