package io.jenkins.plugins.sshexec.core.transfer;

import java.io.Serializable;
import java.util.List;

/**
 * A pattern as Ant has them, such as {@code **}{@code /*.txt}: {@code ?} is a character of a name, {@code *} any number of
 * them, {@code **} any number of directories; a slash at the end stands for all below. A backslash is a slash. Upper and
 * lower case differ.
 */
record AntPattern(List<String> parts) implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final String ANY_DIRECTORIES = "**";

    static AntPattern of(String text) {
        String slashed = text.replace('\\', '/');
        String complete = slashed.endsWith("/") ? slashed + ANY_DIRECTORIES : slashed;
        return new AntPattern(List.of(complete.split("/")));
    }

    /** Goes back to the latest double asterisk alone, as {@link #matchesName} does to the latest asterisk. */
    boolean matches(List<String> names) {
        int p = 0;
        int n = 0;
        int asterisks = -1;
        int from = 0;
        while (n < names.size()) {
            if (p < parts.size() && parts.get(p).equals(ANY_DIRECTORIES)) {
                asterisks = p++;
                from = n;
            } else if (p < parts.size() && matchesName(parts.get(p), names.get(n))) {
                p++;
                n++;
            } else if (asterisks >= 0) {
                p = asterisks + 1;
                n = ++from;
            } else {
                return false;
            }
        }
        while (p < parts.size() && parts.get(p).equals(ANY_DIRECTORIES)) {
            p++;
        }
        return p == parts.size();
    }

    /** Whether it matches everything below a directory: what it says of that directory ends in two asterisks. */
    boolean matchesAllBelow(List<String> directory) {
        return parts.get(parts.size() - 1).equals(ANY_DIRECTORIES)
                && new AntPattern(parts.subList(0, parts.size() - 1)).matches(directory);
    }

    /** Goes back to the latest asterisk where the rest does not fit, so the time it takes is that of one pass for each. */
    private static boolean matchesName(String pattern, String name) {
        int p = 0;
        int n = 0;
        int asterisk = -1;
        int from = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                asterisk = p++;
                from = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (asterisk >= 0) {
                p = asterisk + 1;
                n = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
