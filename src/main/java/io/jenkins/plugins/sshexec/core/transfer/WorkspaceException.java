package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A file of the workspace cannot be read or written. Travels from agents. */
public final class WorkspaceException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final Problem problem;
    private final String detail;

    /** @param detail may be empty where the problem says all */
    public WorkspaceException(String path, Problem problem, String detail) {
        super(path + " (" + problem + "): " + detail);
        this.path = path;
        this.problem = problem;
        this.detail = detail;
    }

    /** What the operating system said, in its own words. */
    static WorkspaceException of(String path, IOException failure) {
        if (failure instanceof WorkspaceException told) {
            return told;
        }
        if (failure instanceof NoSuchFileException) {
            return new WorkspaceException(path, Problem.MISSING, "");
        }
        if (failure instanceof AccessDeniedException) {
            return new WorkspaceException(path, Problem.DENIED, "access denied");
        }
        String words = failure instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(failure.getMessage());
        return new WorkspaceException(path, Problem.OTHER, words);
    }

    public String path() {
        return path;
    }

    public Problem problem() {
        return problem;
    }

    public String detail() {
        return detail;
    }
}
