package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** A directory of this machine that paths from elsewhere must not lead out of, be it by their names or by links. */
final class LocalDirectory {

    /** Without links. */
    private final Path real;

    /**
     * The same, or the one that this is {@linkplain #within within}. It is opened by its path; of what is below it each directory
     * is opened by itself, since another process may have put a link in its place.
     */
    private final Path top;

    /** @throws WorkspaceException where it is not there */
    LocalDirectory(Path directory) throws IOException {
        try {
            this.real = directory.toRealPath();
            this.top = real;
        } catch (IOException e) {
            throw WorkspaceException.of(directory.toString(), e);
        }
    }

    private LocalDirectory(Path real, Path top) {
        this.real = real;
        this.top = top;
    }

    /** A directory below, which is there. */
    LocalDirectory within(String path) throws IOException {
        return new LocalDirectory(existing(path), top);
    }

    /** @param directory as {@link #existing} or {@link #makeDirectories} found it */
    HeldDirectory hold(Path directory) throws IOException {
        return HeldDirectory.open(top, directory);
    }

    Path path() {
        return real;
    }

    /**
     * Where something below is, or would be; it may be a link itself.
     *
     * @param path as a user types it, or as {@link RelativePath} allows
     */
    Path resolve(String path) throws WorkspaceException {
        Path resolved;
        try {
            resolved = real.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new WorkspaceException(path, Problem.NAME, e.getReason());
        }
        if (!resolved.startsWith(real)) {
            throw new WorkspaceException(path, Problem.OUTSIDE, "");
        }
        return resolved;
    }

    /** Something that is there, without links; which must be within. */
    Path existing(String path) throws IOException {
        Path resolved = resolve(path);
        try {
            Path found = resolved.toRealPath();
            if (!found.startsWith(real)) {
                throw new WorkspaceException(path, Problem.OUTSIDE, "");
            }
            return found;
        } catch (IOException e) {
            throw WorkspaceException.of(path, e);
        }
    }

    /** A directory below, which is made where it is not there. Links on the way must stay within. */
    Path makeDirectories(String path) throws IOException {
        Path made = real;
        for (Path name : real.relativize(resolve(path))) {
            if (name.toString().isEmpty()) {
                continue;
            }
            Path next = made.resolve(name);
            if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    Files.createDirectory(next);
                } catch (FileAlreadyExistsException e) {
                    // Somebody else has just made it; what it is, is looked at below.
                } catch (IOException e) {
                    throw WorkspaceException.of(path, e);
                }
            }
            made = existing(real.relativize(next).toString());
            if (!Files.isDirectory(made)) {
                throw new WorkspaceException(path, Problem.OTHER, name(next) + " is no directory");
            }
        }
        return made;
    }

    /** The last part of a path that is no root. */
    static String name(Path path) {
        return Objects.requireNonNull(path.getFileName(), "a root has no name").toString();
    }

    /** What a path that is no root is in. */
    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "a root is in nothing");
    }

    /** How the protocol writes a path below. */
    String relative(Path below) {
        return real.relativize(below).toString().replace(below.getFileSystem().getSeparator(), "/");
    }

    static FileEntry entry(String path, Path file) throws IOException {
        BasicFileAttributes attributes = attributes(file);
        return new FileEntry(
                path,
                attributes.isDirectory(),
                attributes.isDirectory() ? 0 : attributes.size(),
                attributes.lastModifiedTime().toMillis() / 1000,
                attributes instanceof PosixFileAttributes posix ? bits(posix.permissions()) : FileEntry.NO_PERMISSIONS);
    }

    static BasicFileAttributes attributes(Path file) throws IOException {
        return isPosix(file)
                ? Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                : Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether files there have permissions that chmod(2) could set. */
    static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static int bits(Set<PosixFilePermission> permissions) {
        int bits = 0;
        for (PosixFilePermission permission : permissions) {
            bits |= bit(permission);
        }
        return bits;
    }

    static Set<PosixFilePermission> permissions(int bits) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((bits & bit(permission)) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    /** The constants are in the order of the bits, from the highest one. */
    private static int bit(PosixFilePermission permission) {
        return 0400 >> permission.ordinal();
    }
}
