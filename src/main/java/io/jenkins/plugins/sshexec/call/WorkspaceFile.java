package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.sshexec.core.transfer.FileSelection;
import io.jenkins.plugins.sshexec.core.transfer.WorkspaceException;
import io.jenkins.plugins.sshexec.workspace.AgentWorkspace;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file of a build's workspace that is sent to a host.
 *
 * @param workspace where it is, on the controller or on an agent
 * @param path that {@link CommandOptions#workspacePath} has checked; a link on it may still lead out
 */
public record WorkspaceFile(FilePath workspace, String path) {

    private FilePath file() {
        return workspace.child(path);
    }

    /** The last part of the path. */
    String name() {
        return file().getName();
    }

    /** The whole path, for messages. */
    String shown() {
        return LogText.oneLine(file().getRemote());
    }

    /**
     * Whether there is such a file; blocks. What else may be read where the workspace is, such as the controller's own secrets,
     * a link of the workspace does not give away.
     *
     * @throws AbortException where it is outside of the workspace
     */
    boolean isThere() throws IOException, InterruptedException {
        FilePath file = file();
        if (!file.exists() || file.isDirectory()) {
            return false;
        }
        try {
            new AgentWorkspace(workspace).list(path, FileSelection.ALL);
            return true;
        } catch (WorkspaceException e) {
            throw switch (e.problem()) {
                case OUTSIDE -> new AbortException(Messages.CommandOptions_outside(LogText.oneLine(path)));
                default -> e;
            };
        }
    }

    /** Blocks. */
    InputStream open() throws IOException, InterruptedException {
        return file().read();
    }
}
