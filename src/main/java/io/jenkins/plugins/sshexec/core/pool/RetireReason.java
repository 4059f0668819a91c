package io.jenkins.plugins.sshexec.core.pool;

/** Why a session was closed; counted and logged for each. */
public enum RetireReason {
    /** Nobody used it for longer than the idle time. */
    IDLE,
    /** It reached the maximum age. */
    AGED,
    /** It gave no sign of life before it was to be lent, or had ended by then. */
    DEAD,
    /** It failed under a command, or the command's end is unknown. */
    FAILED,
    /** A settings change left no room for it. */
    SETTINGS,
    /** Room was needed for a session to another host. */
    ROOM,
    /** Its host key is no longer accepted. */
    UNTRUSTED,
    /** An administrator closed it, or all idle ones. */
    EVICTED,
    /** An administrator drained its host. */
    DRAINED,
    /** The pool was shut down. */
    SHUTDOWN
}
