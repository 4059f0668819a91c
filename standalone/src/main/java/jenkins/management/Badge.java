package jenkins.management;

import java.util.Locale;

/** Stands in for core's class of this name: a few characters beside the link to a page. */
public class Badge {
    private final String text;
    private final String tooltip;
    private final Severity severity;

    /** How urgent it is. */
    public enum Severity {
        DANGER,
        WARNING,
        INFO
    }

    public Badge(String text, String tooltip, Severity severity) {
        this.text = text;
        this.tooltip = tooltip;
        this.severity = severity;
    }

    public String getText() {
        return text;
    }

    public String getTooltip() {
        return tooltip;
    }

    public String getSeverity() {
        return severity.toString().toLowerCase(Locale.US);
    }
}
