package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Listing;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Lists what is below a directory of this machine. Links are what they lead to, as long as that is in the workspace. */
final class LocalWalk {

    private final LocalDirectory workspace;
    private final FileSelection selection;
    private final List<FileEntry> entries = new ArrayList<>();

    LocalWalk(LocalDirectory workspace, FileSelection selection) {
        this.workspace = workspace;
        this.selection = selection;
    }

    Listing of(String from) throws IOException {
        Path start = workspace.existing(from);
        if (Files.isDirectory(start)) {
            walk(start, "");
            return new Listing(workspace.relative(start), false, entries);
        }
        if (!Files.isRegularFile(start)) {
            throw new WorkspaceException(from, Problem.SPECIAL, "");
        }
        Path asTyped = workspace.resolve(from); // a link keeps its own name
        String name = LocalDirectory.name(asTyped);
        add(name, start);
        return new Listing(workspace.relative(LocalDirectory.parent(asTyped)), true, entries);
    }

    /** @return whether there was anything in it */
    private boolean walk(Path directory, String below) throws IOException {
        boolean any = false;
        for (Path child : children(directory, below)) {
            String path = RelativePath.join(below, LocalDirectory.name(child));
            try {
                any |= visit(child, path);
            } catch (IOException e) {
                throw WorkspaceException.of(path, e);
            }
        }
        return any;
    }

    private boolean visit(Path child, String path) throws IOException {
        BasicFileAttributes attributes = LocalDirectory.attributes(child);
        if (attributes.isDirectory() || attributes.isSymbolicLink() && Files.isDirectory(child)) {
            if (selection.excludesAllBelow(path)) {
                return false;
            }
            Path real = followed(child, path);
            if (!walk(real, path) && selection.takesEmptyDirectories()) {
                entries.add(LocalDirectory.entry(path, real));
            }
            return true;
        }
        if (!selection.matches(path)) {
            return false;
        }
        Path real = followed(child, path);
        if (!Files.isRegularFile(real)) {
            throw new WorkspaceException(path, Problem.SPECIAL, "");
        }
        add(path, real);
        return true;
    }

    private void add(String path, Path real) throws IOException {
        if (!RelativePath.isSafe(path)) {
            throw new WorkspaceException(path, Problem.NAME, "");
        }
        if (entries.size() >= FileSelection.MAX_FILES) {
            throw new WorkspaceException(path, Problem.TOO_MANY, "");
        }
        entries.add(LocalDirectory.entry(path, real));
    }

    private Path followed(Path child, String path) throws IOException {
        Path real = child.toRealPath();
        if (!real.startsWith(workspace.path())) {
            throw new WorkspaceException(path, Problem.OUTSIDE, "");
        }
        if (Files.isDirectory(real) && LocalDirectory.parent(child).startsWith(real)) {
            throw new WorkspaceException(path, Problem.OTHER, "it is a link to a directory that it is in");
        }
        return real;
    }

    private static List<Path> children(Path directory, String below) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw WorkspaceException.of(below, e.getCause());
        } catch (IOException e) {
            throw WorkspaceException.of(below, e);
        }
        children.sort(null); // the same order each time, which makes logs comparable
        return children;
    }
}
