package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** A file could not be copied, for a reason that has nothing to do with the connection. */
public final class TransferFailed extends SshException {
    private static final long serialVersionUID = 1L;

    /** Where the file is. */
    public enum Side {
        HOST,
        WORKSPACE
    }

    /** What is wrong with it. */
    public enum Problem {
        /** It is not there. */
        MISSING,
        /** The user may not do that. */
        DENIED,
        /** It leads, by a link or by its name, out of the directory that is copied. */
        OUTSIDE,
        /** Its name cannot be one here. */
        NAME,
        /** It was changed while it was copied. */
        CHANGED,
        /** It is a device, a socket or the like. */
        SPECIAL,
        /** Two files would be the same one at the other side. */
        TWICE,
        /** There are more files than can be copied at once. */
        TOO_MANY,
        /** No file matches what was asked for. */
        NOTHING,
        /** Whatever the detail says. */
        OTHER
    }

    private final Side side;
    private final String path;
    private final Problem problem;
    private final String detail;

    /** @param detail in the words of the server or the operating system; may be empty where the problem says all */
    public TransferFailed(Endpoint endpoint, Side side, String path, Problem problem, String detail, Throwable cause) {
        super(endpoint, Stage.TRANSFER, side + " file " + path + " (" + problem + "): " + detail, cause);
        this.side = side;
        this.path = path;
        this.problem = problem;
        this.detail = detail;
    }

    public Side side() {
        return side;
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
