package io.jenkins.plugins.sshexec.core.error;

/** How far a command had come when it failed, in the order in which the stages are passed. */
public enum Stage {
    /** Waiting for a free session of the pool. */
    WAITING,
    /** Host name to address. */
    NAME_LOOKUP,
    /** TCP connection. */
    TCP,
    /** The server's identification line (RFC 4253 section 4.2). */
    BANNER,
    /** Key exchange (RFC 4253 section 7), before the host key is judged. */
    KEY_EXCHANGE,
    /** Judging the host key. */
    HOST_KEY,
    /** User authentication (RFC 4252). */
    LOGIN,
    /** Opening a channel (RFC 4254 section 5.1). */
    CHANNEL,
    /** Copying files (SFTP). What had not come to its end has left nothing but temporary files, so a retry is safe. */
    TRANSFER,
    /** From the moment the exec request (RFC 4254 section 6.5) may have left: the command may have run. */
    RUN;

    /** Whether a failure in this stage leaves it open if the command ran. Before, a retry is safe; from then on it is not. */
    public boolean commandMayHaveRun() {
        return this == RUN;
    }
}
