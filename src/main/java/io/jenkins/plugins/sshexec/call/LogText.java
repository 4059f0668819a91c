package io.jenkins.plugins.sshexec.call;

import java.util.regex.Pattern;

/** Text from outside, made fit for one line of a log. */
public final class LogText {

    /** Controls, invisible and direction-changing characters, and line ends: none may forge or hide a part of the log. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

    private LogText() {}

    /** All of {@code text} on one line. */
    public static String oneLine(String text) {
        return UNFIT.matcher(text).replaceAll(" ");
    }

    /** The first line of {@code text} that is not blank, and dots if there is more. */
    public static String firstLine(String text) {
        String stripped = text.strip();
        String first = stripped.lines().findFirst().orElse("");
        return oneLine(first) + (first.length() < stripped.length() ? " ..." : "");
    }
}
