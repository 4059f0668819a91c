package io.jenkins.plugins.sshexec.core.transfer;

/** One file on its way to the server. Used by one thread at a time. */
final class PutItem {

    /** From here on it is worth to go on with what is left of an earlier transfer. */
    static final long RESUMABLE_BYTES = 16 << 20;

    final FileEntry source;

    /** Below the directory that all is copied to, apart from a single file that gets another name. */
    final String target;

    /** Null until it is known where the file goes. */
    TemporaryNames.Name temporary;

    /** How much of it is there already. */
    long offset;

    /** Of the file that is replaced; what a copy gets that does not keep its source's. */
    int presentPermissions = FileEntry.NO_PERMISSIONS;

    PutItem(FileEntry source, String target) {
        this.source = source;
        this.target = target;
    }

    boolean isResumable() {
        return source.sizeBytes() >= RESUMABLE_BYTES;
    }
}
