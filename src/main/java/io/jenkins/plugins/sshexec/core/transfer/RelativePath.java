package io.jenkins.plugins.sshexec.core.transfer;

/**
 * The rule for paths that come from the other side, which may be hostile: names of an archive, of a listing, of a workspace.
 * Such a path is joined to a directory and must never lead out of it.
 */
final class RelativePath {

    /** What a name that is no UTF-8 becomes on its way; the file would not be found under it. */
    private static final char REPLACEMENT = '\uFFFD';

    private RelativePath() {}

    /**
     * Whether each part between slashes is a name: none is empty, a dot or two. Between backslashes none is two dots either,
     * because these part names on Windows; by itself a backslash is a character like others elsewhere.
     */
    static boolean isSafe(String path) {
        if (path.indexOf(0) >= 0 || path.indexOf(REPLACEMENT) >= 0) {
            return false;
        }
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".")) {
                return false;
            }
            for (String part : name.split("\\\\", -1)) {
                if (part.equals("..")) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether it is one name. */
    static boolean isSafeName(String name) {
        return name.indexOf('/') < 0 && isSafe(name);
    }

    /** Whether an absolute path is {@code directory} or below it; both canonical. */
    static boolean isWithin(String directory, String path) {
        return path.equals(directory) || path.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }

    /** The directory part; empty where there is none. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    static String join(String directory, String name) {
        if (directory.isEmpty()) {
            return name;
        }
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }
}
