package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.util.HashMap;
import java.util.Map;

/** What there is in the directories that files go to, asked for in as few round trips as possible. */
final class RemoteListings {

    /** In a directory with that many files to come, all of it is listed rather than each of them looked for. */
    private static final int WORTH_A_LISTING = 16;

    private final RemoteTree tree;
    private final RemoteFiles files;
    private final Map<String, Integer> filesPerDirectory;
    private final Map<String, Map<String, RemoteFile>> listings = new HashMap<>();

    /** @param filesPerDirectory how many are to come, by the directory below the tree */
    RemoteListings(RemoteTree tree, RemoteFiles files, Map<String, Integer> filesPerDirectory) {
        this.tree = tree;
        this.files = files;
        this.filesPerDirectory = filesPerDirectory;
    }

    /** Null where nothing is. */
    RemoteFile find(String target) throws SshException {
        String directory = RelativePath.parent(target);
        if (tree.isNew(directory)) {
            return null;
        }
        if (filesPerDirectory.getOrDefault(directory, 1) < WORTH_A_LISTING) {
            return files.look(tree.path(target)).orElse(null);
        }
        Map<String, RemoteFile> listed = listings.get(directory);
        if (listed == null) {
            listed = new HashMap<>();
            for (RemoteFile file : files.list(tree.path(directory), FileSelection.MAX_FILES)) {
                listed.put(file.name(), file);
            }
            listings.put(directory, listed);
        }
        return listed.get(target.substring(target.lastIndexOf('/') + 1));
    }
}
