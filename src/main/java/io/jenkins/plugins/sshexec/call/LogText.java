package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.model.UnfitCharacters;

/** Text from outside, made fit for one line of a log. */
public final class LogText {

    private LogText() {}

    /** All of {@code text} on one line. */
    public static String oneLine(String text) {
        return UnfitCharacters.replace(text, ' ');
    }

    /** The first line of {@code text} that is not blank, and dots if there is more. */
    public static String firstLine(String text) {
        String stripped = text.strip();
        String first = stripped.lines().findFirst().orElse("");
        return oneLine(first) + (first.length() < stripped.length() ? " ..." : "");
    }
}
