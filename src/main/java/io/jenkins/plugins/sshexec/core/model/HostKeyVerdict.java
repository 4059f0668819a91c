package io.jenkins.plugins.sshexec.core.model;

/** What a {@link HostKeyPolicy} says of a host key. */
public sealed interface HostKeyVerdict {

    /** The key is that of the server, or the policy takes any. */
    record Accepted() implements HostKeyVerdict {}

    /**
     * The handshake must end here.
     *
     * @param cause what kind of refusal it is
     * @param advice one sentence that says what an administrator should do, with the place (file, line) where it is done
     */
    record Refused(Cause cause, String advice) implements HostKeyVerdict {}

    /** Why a key is refused. */
    enum Cause {
        /** No key is known for this server. */
        UNKNOWN,
        /** Another key is known for this server: a new installation, or somebody in the middle. */
        CHANGED,
        /** The key is marked as stolen or retired. */
        REVOKED,
        /** The known keys cannot be read, so nothing can be said. */
        UNREADABLE
    }
}
