package io.jenkins.plugins.sshexec.core.transfer;

import java.util.OptionalInt;

/**
 * How files are copied.
 *
 * @param flatten whether all files go into one directory, without those that they are in
 * @param overwrite what becomes of files that are there already
 * @param keepPermissions whether a copy gets the permissions of its source; else it keeps those of the file that it replaces,
 *     and a new one gets what its side gives to new files
 * @param keepTimes whether a copy gets the time at which its source was changed; always so with {@link Overwrite#DIFFERENT}
 */
public record TransferOptions(boolean flatten, Overwrite overwrite, boolean keepPermissions, boolean keepTimes) {

    /** What becomes of a file that is there already. */
    public enum Overwrite {
        /** It is replaced. */
        ALWAYS,
        /** It stays. */
        NEVER,
        /** It is replaced if the source has another size or was changed at another second. */
        DIFFERENT,
        /** It is replaced if the source was changed later than it. */
        NEWER;

        /** @param present what is there; null where nothing is */
        boolean replaces(FileEntry source, FileEntry present) {
            if (present == null || present.directory()) {
                return true; // a directory in the place of a file fails later, with a sentence of its own
            }
            return switch (this) {
                case ALWAYS -> true;
                case NEVER -> false;
                case DIFFERENT ->
                    source.sizeBytes() != present.sizeBytes() || source.modifiedSeconds() != present.modifiedSeconds();
                case NEWER -> source.modifiedSeconds() > present.modifiedSeconds();
            };
        }
    }

    /** Which a copy of this gets; empty where they do not come from the source. */
    OptionalInt permissionsOf(FileEntry source) {
        return keepPermissions && source.permissions() != FileEntry.NO_PERMISSIONS
                ? OptionalInt.of(source.permissions())
                : OptionalInt.empty();
    }

    boolean setsTimes() {
        return keepTimes || overwrite == Overwrite.DIFFERENT;
    }
}
