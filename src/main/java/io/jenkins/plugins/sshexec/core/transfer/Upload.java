package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a file gets in its place on the server: under a temporary name, then with its permissions and time, then renamed. Thread-safe;
 * one for each try.
 */
final class Upload {

    /** Only its owner may do anything with it. */
    private static final OptionalInt HIDDEN = OptionalInt.of(0600);

    private static final int OTHERS_READ = 0004;

    /** Files of one directory; each lane asks once. */
    private static final int WORTH_ASKING = 16;

    private final Endpoint endpoint;
    private final TransferOptions options;
    private final RemoteTree tree;
    private final Progress progress;
    private final Map<String, Integer> filesPerDirectory;

    /** @param filesPerDirectory how many are to come, by the directory below the tree */
    Upload(
            Endpoint endpoint,
            TransferOptions options,
            RemoteTree tree,
            Progress progress,
            Map<String, Integer> filesPerDirectory) {
        this.endpoint = endpoint;
        this.options = options;
        this.tree = tree;
        this.progress = progress;
        this.filesPerDirectory = filesPerDirectory;
    }

    /**
     * Returns when the file is in place.
     *
     * @param target below the tree
     * @param content from {@link PutItem#offset} on
     */
    void put(Lane lane, PutItem item, String target, InputStream content) throws IOException {
        String temporary = temporaryPath(item, target);
        Counted counted = new Counted(content);
        try {
            write(lane.files(), item, temporary, counted);
            change(lane, item, temporary);
            rename(lane.files(), temporary, tree.path(target));
        } catch (IOException | RuntimeException e) {
            progress.found(-counted.bytes);
            if (!item.isResumable() || e instanceof TransferFailed) {
                lane.discard(temporary);
            }
            throw e;
        }
        progress.done(item.source);
    }

    private void write(RemoteFiles files, PutItem item, String temporary, Counted content) throws IOException {
        OptionalInt wanted = permissionsOf(item);
        if (item.offset == 0 && wanted.isPresent() && !isForOthers(wanted.getAsInt())) {
            // Nobody else may read it before all of it is there, either.
            files.write(temporary, 0, InputStream.nullInputStream());
            files.change(temporary, HIDDEN, OptionalLong.empty());
        }
        files.write(temporary, item.offset, content);
        if (item.offset + content.bytes < item.source.sizeBytes()) {
            throw new WorkspaceException(item.source.path(), Problem.CHANGED, "");
        }
    }

    private void change(Lane lane, PutItem item, String temporary) throws SshException {
        OptionalInt wanted = permissionsOf(item);
        OptionalLong time = options.setsTimes() ? OptionalLong.of(item.source.modifiedSeconds()) : OptionalLong.empty();
        if (time.isPresent() || wanted.isPresent() && !isGiven(lane, item, temporary, wanted.getAsInt())) {
            lane.files().change(temporary, wanted, time);
        }
    }

    /** A round trip less for each of many new files, of the five that one takes. */
    private boolean isGiven(Lane lane, PutItem item, String temporary, int wanted) throws SshException {
        String directory = RelativePath.parent(item.target);
        // Elsewhere an earlier transfer may have left a file of the temporary name, which keeps the permissions that it
        // has.
        return isForOthers(wanted)
                && tree.isNew(directory)
                && filesPerDirectory.getOrDefault(directory, 0) >= WORTH_ASKING
                && lane.givesByItself(directory, temporary, wanted);
    }

    private static boolean isForOthers(int permissions) {
        return (permissions & OTHERS_READ) != 0;
    }

    private OptionalInt permissionsOf(PutItem item) {
        OptionalInt kept = options.permissionsOf(item.source);
        if (kept.isPresent() || item.presentPermissions == FileEntry.NO_PERMISSIONS) {
            return kept;
        }
        return OptionalInt.of(item.presentPermissions);
    }

    private void rename(RemoteFiles files, String temporary, String target) throws SshException {
        try {
            files.rename(temporary, target);
        } catch (TransferFailed e) {
            if (e.problem() == Problem.DENIED) {
                throw e;
            }
            RemoteFile found = files.look(target).orElse(null);
            if (found != null && found.is(Kind.DIRECTORY)) {
                throw RemoteTree.failed(endpoint, target, Problem.OTHER, "it is a directory");
            }
            if (found == null) {
                throw e;
            }
            // A server without posix-rename@openssh.com replaces nothing.
            files.remove(target);
            files.rename(temporary, target);
        }
    }

    String temporaryPath(PutItem item, String target) {
        return tree.path(RelativePath.join(RelativePath.parent(target), item.temporary.text()));
    }

    /** Counts what JSch takes. */
    private final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                bytes += count;
                progress.carried(count);
            }
            return count;
        }
    }
}
