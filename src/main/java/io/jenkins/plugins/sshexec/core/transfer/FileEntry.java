package io.jenkins.plugins.sshexec.core.transfer;

import java.io.Serializable;
import java.util.Objects;

/**
 * A file or an empty directory that is to be copied, as its own side lists it.
 *
 * @param path below the directory that is copied, with slashes; see {@link RelativePath}
 * @param sizeBytes 0 for a directory
 * @param modifiedSeconds since 1970
 * @param permissions the nine lower bits of chmod(2); {@link #NO_PERMISSIONS} where there are none, as on Windows
 */
public record FileEntry(String path, boolean directory, long sizeBytes, long modifiedSeconds, int permissions)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    public static final int NO_PERMISSIONS = -1;

    /** Set-user-ID and the like are never copied. */
    public static final int PERMISSION_BITS = 0777;

    public FileEntry {
        Objects.requireNonNull(path, "path");
        if (permissions != NO_PERMISSIONS) {
            permissions &= PERMISSION_BITS; // also of an entry that comes from an agent
        }
    }

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
