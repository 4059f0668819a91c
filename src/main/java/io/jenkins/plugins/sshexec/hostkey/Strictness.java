package io.jenkins.plugins.sshexec.hostkey;

/** How sure a {@link HostKeyVerification} is that a server is the one it claims to be, the least sure first. */
public enum Strictness {
    /** Any server is taken for the one that was asked for. */
    NONE,
    /** The first one that answers is. */
    FIRST_CONTACT,
    /** Only one whose key somebody has vouched for. */
    KNOWN_KEYS;

    /** Whether this is less sure than the other. */
    public boolean isLaxerThan(Strictness other) {
        return compareTo(other) < 0;
    }
}
