package io.jenkins.plugins.sshexec.management;

import io.jenkins.plugins.sshexec.management.PoolHistory.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The last hour as lines of an SVG image, {@value #WIDTH} wide and {@value #HEIGHT} high. Immutable. */
@Restricted(NoExternalUse.class)
public final class HistoryChart {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 120;

    private final List<Sample> samples;
    private final Instant now;
    private final int max;

    HistoryChart(List<Sample> samples, Instant now) {
        this.now = now;
        Instant from = now.minus(PoolHistory.SPAN);
        this.samples =
                samples.stream().filter(sample -> !sample.time().isBefore(from)).toList();
        this.max = Math.max(1, Math.max(peak(Sample::open), peak(Sample::waiting)));
    }

    private int peak(ToIntFunction<Sample> value) {
        return samples.stream().mapToInt(value).max().orElse(0);
    }

    /** The number at the upper edge; the lower one is zero. */
    public int getMax() {
        return max;
    }

    /** Points of the line of open sessions, in the form of SVG's {@code points}. */
    public String getOpen() {
        return line(Sample::open);
    }

    /** Points of the line of sessions in use. */
    public String getInUse() {
        return line(Sample::inUse);
    }

    /** Points of the line of callers waiting. */
    public String getWaiting() {
        return line(Sample::waiting);
    }

    /** The same in a sentence. */
    public String getText() {
        return samples.isEmpty()
                ? Messages.HistoryChart_empty()
                : Messages.HistoryChart_text(peak(Sample::open), peak(Sample::inUse), peak(Sample::waiting));
    }

    private String line(ToIntFunction<Sample> value) {
        return samples.stream()
                .map(sample -> String.format(Locale.ROOT, "%.1f,%.1f", x(sample.time()), y(value.applyAsInt(sample))))
                .collect(Collectors.joining(" "));
    }

    private double x(Instant time) {
        double age = (double) Duration.between(time, now).toMillis() / PoolHistory.SPAN.toMillis();
        return WIDTH * (1 - age);
    }

    private double y(int value) {
        return HEIGHT * (1 - (double) value / max);
    }
}
