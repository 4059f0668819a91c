package io.jenkins.plugins.sshexec.core.model;

import java.util.regex.Pattern;

/**
 * Characters that have no place in one line of a log or a message: controls, invisible and direction-changing ones, and line
 * ends. With any of these, text from outside could forge or hide a part of what is shown.
 */
public final class UnfitCharacters {

    private static final String CLASS = "[\\p{Cc}\\p{Cf}\\u2028\\u2029]";

    private static final Pattern ONE = Pattern.compile(CLASS);
    private static final Pattern RUN = Pattern.compile(CLASS + "+");

    private UnfitCharacters() {}

    /** The text with {@code replacement} for each of them. */
    public static String replace(String text, char replacement) {
        return ONE.matcher(text).replaceAll(String.valueOf(replacement));
    }

    /** The text with one {@code replacement} for each run of them. */
    public static String replaceRuns(String text, char replacement) {
        return RUN.matcher(text).replaceAll(String.valueOf(replacement));
    }
}
