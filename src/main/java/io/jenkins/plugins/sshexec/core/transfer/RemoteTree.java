package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** A directory of the server that nothing leads out of: neither a name that the server makes up, nor a link. */
final class RemoteTree {

    private final Endpoint endpoint;
    private final RemoteFiles files;

    /** Canonical. */
    private final String root;

    /** Below the root, directories that are known to be there. */
    private final Set<String> known = new HashSet<>(Set.of(""));

    /** Of these, those that were made here: nothing was in them. */
    private final Set<String> made = new HashSet<>();

    /** In the directories that are being looked through, each with what is in it; as many as if names were of usual length. */
    private long held;

    /** Of the paths of all files found. */
    private long characters;

    private RemoteTree(Endpoint endpoint, RemoteFiles files, String root) {
        this.endpoint = endpoint;
        this.files = files;
        this.root = root;
    }

    /** @param directory is there */
    static RemoteTree of(Endpoint endpoint, RemoteFiles files, String directory) throws SshException {
        return new RemoteTree(endpoint, files, files.canonical(directory));
    }

    /** As {@link #of}; the directory is made, with those that it is in. */
    static RemoteTree made(Endpoint endpoint, RemoteFiles files, String directory) throws SshException {
        boolean isNew = makeAll(endpoint, files, directory);
        RemoteTree tree = of(endpoint, files, directory);
        if (isNew) {
            tree.made.add("");
        }
        return tree;
    }

    /** @return whether it was not there */
    private static boolean makeAll(Endpoint endpoint, RemoteFiles files, String directory) throws SshException {
        Optional<RemoteFile> found = files.follow(directory);
        if (found.isEmpty()) {
            String parent = parent(directory);
            if (parent.equals(directory)) {
                return false;
            }
            makeAll(endpoint, files, parent);
            return make(files, directory);
        }
        if (!found.get().is(Kind.DIRECTORY)) {
            throw failed(endpoint, directory, Problem.OTHER, "it is no directory");
        }
        return false;
    }

    /** @return false where somebody else has made it: two builds may do so at the same time */
    private static boolean make(RemoteFiles files, String directory) throws SshException {
        try {
            files.makeDirectory(directory);
            return true;
        } catch (TransferFailed e) {
            if (files.follow(directory)
                    .filter(found -> found.is(Kind.DIRECTORY))
                    .isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    /** {@code ~} is no more than a name to SFTP; what users mean by it is where relative paths begin. */
    static String typed(String path) {
        if (path.isEmpty() || path.equals("~")) {
            return ".";
        }
        return path.startsWith("~/") ? "./" + path.substring(2) : path;
    }

    static String parent(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        int slash = path.lastIndexOf('/', end - 1);
        if (slash < 0) {
            return ".";
        }
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    String root() {
        return root;
    }

    String path(String below) {
        return RelativePath.join(root, below);
    }

    /** Makes a directory below, with those that it is in. @param permissions for the last one, if it is new */
    void makeDirectory(String below, OptionalInt permissions) throws SshException {
        if (known.contains(below)) {
            return;
        }
        String parent = RelativePath.parent(below);
        makeDirectory(parent, OptionalInt.empty());
        String path = path(below);
        Optional<RemoteFile> found = isNew(parent) ? Optional.empty() : files.look(path);
        if (found.isEmpty()) {
            if (make(files, path)) {
                made.add(below);
            }
            if (permissions.isPresent()) {
                // Ours to write to, whatever the source's are.
                files.change(path, OptionalInt.of(permissions.getAsInt() | 0700), OptionalLong.empty());
            }
        } else if (kindOf(below, found.get()) != Kind.DIRECTORY) {
            throw failed(endpoint, path, Problem.OTHER, "it is no directory");
        }
        known.add(below);
    }

    /** Whether all that is in it has come since it was made here. */
    boolean isNew(String directory) {
        return made.contains(directory);
    }

    /** What something is, or leads to within this directory. */
    private Kind kindOf(String below, RemoteFile found) throws SshException {
        return found.is(Kind.LINK) ? followed(below).kind() : found.kind();
    }

    private RemoteFile followed(String below) throws SshException {
        String path = path(below);
        RemoteFile target = files.follow(path).orElseThrow(() -> failed(endpoint, path, Problem.MISSING, ""));
        if (!RelativePath.isWithin(root, files.canonical(path))) {
            throw failed(endpoint, path, Problem.OUTSIDE, "");
        }
        return target;
    }

    /** All files below that the selection matches; links are what they lead to. */
    List<FileEntry> list(FileSelection selection) throws SshException {
        List<FileEntry> entries = new ArrayList<>();
        list("", root, selection, entries);
        return entries;
    }

    /** @return whether there was anything */
    private boolean list(String below, String canonical, FileSelection selection, List<FileEntry> entries)
            throws SshException {
        List<RemoteFile> children = files.list(path(below), (int) Math.max(0, FileSelection.MAX_FILES - held));
        long weight = weight(children);
        held += weight;
        for (RemoteFile child : children) {
            String path = RelativePath.join(below, child.name());
            if (!RelativePath.isSafeName(child.name()) || path.length() > MAX_PATH_LENGTH) {
                throw failed(endpoint, path(path), Problem.NAME, "");
            }
            if (entries.size() >= FileSelection.MAX_FILES || characters > MAX_CHARACTERS) {
                throw failed(endpoint, root, Problem.TOO_MANY, "");
            }
            if (!child.is(Kind.LINK)) {
                add(path, child, RelativePath.join(canonical, child.name()), selection, entries);
            } else if (selection.matches(path) || !selection.excludesAllBelow(path)) {
                addLink(path, canonical, selection, entries);
            }
        }
        held -= weight;
        return !children.isEmpty();
    }

    private static long weight(List<RemoteFile> children) {
        long names = children.stream().mapToLong(child -> child.name().length()).sum();
        return Math.max(children.size(), names / RemoteFiles.NAME_LENGTH);
    }

    private void addLink(String path, String directory, FileSelection selection, List<FileEntry> entries)
            throws SshException {
        Optional<RemoteFile> target = files.follow(path(path));
        boolean matches = selection.matches(path);
        if (target.isEmpty() || !target.get().is(Kind.DIRECTORY)) {
            if (matches) {
                add(path, followed(path), "", selection, entries);
            }
            return;
        }
        if (selection.excludesAllBelow(path)) {
            return;
        }
        RemoteFile followed = followed(path);
        String canonical = files.canonical(path(path));
        if (RelativePath.isWithin(canonical, directory)) {
            throw failed(endpoint, path(path), Problem.OTHER, "it is a link to a directory that it is in");
        }
        add(path, followed, canonical, selection, entries);
    }

    private void add(String path, RemoteFile found, String canonical, FileSelection selection, List<FileEntry> entries)
            throws SshException {
        if (found.is(Kind.DIRECTORY)) {
            if (!selection.excludesAllBelow(path)
                    && !list(path, canonical, selection, entries)
                    && selection.takesEmptyDirectories()) {
                keep(entry(path, found), entries);
            }
        } else if (selection.matches(path)) {
            if (!found.is(Kind.FILE)) {
                throw failed(endpoint, path(path), Problem.SPECIAL, "");
            }
            keep(entry(path, found), entries);
        }
    }

    private void keep(FileEntry entry, List<FileEntry> entries) {
        characters += entry.path().length();
        entries.add(entry);
    }

    static FileEntry entry(String path, RemoteFile file) {
        return new FileEntry(
                path,
                file.is(Kind.DIRECTORY),
                file.is(Kind.DIRECTORY) ? 0 : file.sizeBytes(),
                file.modifiedSeconds(),
                file.permissions() == RemoteFile.NO_PERMISSIONS
                        ? FileEntry.NO_PERMISSIONS
                        : file.permissions() & FileEntry.PERMISSION_BITS);
    }

    static TransferFailed failed(Endpoint endpoint, String path, Problem problem, String detail) {
        return new TransferFailed(endpoint, Side.HOST, path, problem, detail, null);
    }

    /** As PATH_MAX of Linux; a server that makes up directories in directories comes to an end there. */
    private static final int MAX_PATH_LENGTH = 4096;

    /** Of all paths together; more than a million of usual length have, and less than the memory of a controller. */
    private static final long MAX_CHARACTERS = 128L * FileSelection.MAX_FILES;
}
