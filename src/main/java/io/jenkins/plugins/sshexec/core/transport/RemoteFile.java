package io.jenkins.plugins.sshexec.core.transport;

import java.util.Objects;

/**
 * What a server says of a file (draft-ietf-secsh-filexfer-02 section 5). It is the server's word: a name from a listing may
 * be any text.
 *
 * @param name in a listing, the last part of the path; else the path that was asked for
 * @param sizeBytes 0 where the server did not say
 * @param modifiedSeconds since 1970; 0 where the server did not say
 * @param permissions the twelve bits of chmod(2); {@link #NO_PERMISSIONS} where the server did not say
 */
public record RemoteFile(String name, Kind kind, long sizeBytes, long modifiedSeconds, int permissions) {

    public static final int NO_PERMISSIONS = -1;

    /** What a thing in a directory is. */
    public enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        /** A device, socket or pipe, or something of which the server does not say what it is. */
        OTHER
    }

    public RemoteFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
    }

    public boolean is(Kind wanted) {
        return kind == wanted;
    }
}
