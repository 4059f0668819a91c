package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** How a durable command ended cannot be learnt, or not all of its output. */
public final class DurableLost extends SshException {
    private static final long serialVersionUID = 1L;

    /** What was found. */
    public enum Cause {
        /** The host was started again while the command ran. */
        REBOOTED,
        /** The process that waits for the command's end is gone, and has left no result. */
        KILLED,
        /** The command's folder is gone. */
        REMOVED,
        /** The disk under the command's folder is full. The command was ended. */
        DISK_FULL,
        /** The launch was never sent, and the one who was about to is no more. */
        NOT_LAUNCHED,
        /** The launch was begun, and the command never was. */
        NEVER_BEGAN,
        /** The host could not be reached for too long; the detail says why. */
        UNREACHABLE,
        /** The host lets this user in no more, or answers no more; the detail says why. */
        NOT_FOLLOWED
    }

    private final Cause lostBy;
    private final String detail;

    /** @param detail empty where there is none, or where it is that of the cause */
    public DurableLost(Endpoint endpoint, Cause lostBy, String detail, Throwable cause) {
        super(
                endpoint,
                lostBy == Cause.NOT_LAUNCHED || lostBy == Cause.NEVER_BEGAN ? Stage.CHANNEL : Stage.RUN,
                "durable command lost (" + lostBy + "): " + (cause == null ? detail : cause.getMessage()),
                cause);
        this.lostBy = lostBy;
        this.detail = detail;
    }

    public Cause lostBy() {
        return lostBy;
    }

    @Override
    public boolean isSafeToRepeat() {
        return lostBy == Cause.NOT_LAUNCHED;
    }

    public String detail() {
        return detail;
    }
}
