package io.jenkins.plugins.sshexec.core.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An agent that lists a file of its own making. */
class HostileWorkspace extends LocalWorkspace {

    private final String path;
    private final int permissions;

    HostileWorkspace(Path directory, String path) {
        this(directory, path, 0644);
    }

    HostileWorkspace(Path directory, String path, int permissions) {
        super(directory);
        this.path = path;
        this.permissions = permissions;
    }

    @Override
    public Listing list(String from, FileSelection selection) throws IOException {
        return new Listing("", false, List.of(new FileEntry(path, false, 1, 0, permissions)));
    }
}
