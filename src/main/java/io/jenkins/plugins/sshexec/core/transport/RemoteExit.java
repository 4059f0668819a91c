package io.jenkins.plugins.sshexec.core.transport;

/** How a remote command ended (RFC 4254 section 6.10). */
public sealed interface RemoteExit {

    /** @param status as {@code exit} gave it, 0 to 255 on POSIX systems */
    record Exited(int status) implements RemoteExit {}

    /** @param signal without SIG, such as {@code KILL} */
    record Signalled(String signal) implements RemoteExit {}
}
