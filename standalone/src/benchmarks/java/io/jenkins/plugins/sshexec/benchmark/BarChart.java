package io.jenkins.plugins.sshexec.benchmark;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Horizontal bars as SVG, one for each name, longest value as wide as there is room. Says its numbers as text, so that
 * nothing has to be read off an axis, and takes the colours of the reader's page where it has a dark one.
 */
final class BarChart {

    private static final int WIDTH = 760;
    private static final int NAMES = 260;
    private static final int VALUES = 90;
    private static final int ROW = 26;
    private static final int TOP = 40;

    private final String title;
    private final String unit;
    private final Map<String, Double> bars = new LinkedHashMap<>();

    BarChart(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** The first bar is the plugin's, and stands out. */
    BarChart bar(String name, double value) {
        bars.put(name.replace("`", ""), value);
        return this;
    }

    @Override
    public String toString() {
        double longest =
                bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        int height = TOP + bars.size() * ROW + 10;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="14">
                <style>
                text { fill: #24292f }
                rect { fill: #8c959f }
                rect.own { fill: #1a7f37 }
                @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } rect.own { fill: #3fb950 } }
                </style>
                <title>%s</title>
                <text x="0" y="20" font-weight="bold">%s</text>
                """.formatted(WIDTH, height, escaped(title), escaped(title)));
        int y = TOP;
        boolean own = true;
        for (Map.Entry<String, Double> bar : bars.entrySet()) {
            double width = Math.max(1, bar.getValue() / longest * (WIDTH - NAMES - VALUES));
            svg.append(String.format(
                    Locale.ROOT,
                    """
                    <text x="%d" y="%d" text-anchor="end">%s</text>
                    <rect%s x="%d" y="%d" width="%.1f" height="18"/>
                    <text x="%.1f" y="%d">%s</text>
                    """,
                    NAMES - 8,
                    y + 14,
                    escaped(bar.getKey()),
                    own ? " class=\"own\"" : "",
                    NAMES,
                    y,
                    width,
                    NAMES + width + 6,
                    y + 14,
                    text(bar.getValue())));
            y += ROW;
            own = false;
        }
        return svg.append("</svg>\n").toString();
    }

    private String text(double value) {
        return Table.number(value < 100 ? "%.1f" : "%.0f", value) + " " + unit;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
