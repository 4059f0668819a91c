package io.jenkins.plugins.sshexec.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.management.PoolHistory.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is remembered of the pool, and how it is drawn. */
class HistoryChartTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static Sample sample(Duration age, int inUse, int idle, int waiting) {
        return new Sample(NOW.minus(age), inUse, idle, waiting);
    }

    @Test
    void linesRunFromAnHourAgoAtTheLeftToNowAtTheRight() {
        HistoryChart chart = new HistoryChart(
                List.of(
                        sample(Duration.ofHours(1), 0, 4, 0),
                        sample(Duration.ofMinutes(30), 2, 1, 8),
                        sample(Duration.ZERO, 8, 0, 2)),
                NOW);

        assertThat(chart.getMax()).isEqualTo(8);
        assertThat(chart.getOpen()).isEqualTo("0.0,60.0 360.0,75.0 720.0,0.0");
        assertThat(chart.getInUse()).isEqualTo("0.0,120.0 360.0,90.0 720.0,0.0");
        assertThat(chart.getWaiting()).isEqualTo("0.0,120.0 360.0,0.0 720.0,90.0");
    }

    @Test
    void theSentenceHasTheHighestNumbers() {
        HistoryChart chart = new HistoryChart(
                List.of(sample(Duration.ofMinutes(2), 2, 3, 1), sample(Duration.ofMinutes(1), 4, 0, 0)), NOW);

        assertThat(chart.getText()).isEqualTo("Most at once in the last hour: 5 open, 4 in use, 1 waiting.");
    }

    @Test
    void whatIsOlderThanAnHourIsNotDrawn() {
        HistoryChart chart = new HistoryChart(
                List.of(sample(Duration.ofMinutes(61), 50, 50, 50), sample(Duration.ZERO, 1, 0, 0)), NOW);

        assertThat(chart.getMax()).isOne();
        assertThat(chart.getOpen()).isEqualTo("720.0,0.0");
    }

    @Test
    void aPoolThatWasAlwaysEmptyIsALineAtTheBottom() {
        HistoryChart chart = new HistoryChart(List.of(sample(Duration.ZERO, 0, 0, 0)), NOW);

        assertThat(chart.getMax()).isOne();
        assertThat(chart.getOpen()).isEqualTo("720.0,120.0");
        assertThat(new HistoryChart(List.of(), NOW).getText()).contains("No samples yet");
    }

    @Test
    void theHistoryKeepsAnHourAndNotMore() {
        PoolHistory history = new PoolHistory();
        Instant first = NOW.minus(Duration.ofHours(3));
        for (Instant time = first; !time.isAfter(NOW); time = time.plus(PoolHistory.STEP)) {
            history.add(new Sample(time, 0, 0, 0));
        }

        List<Sample> samples = history.samples();

        assertThat(samples.get(0).time()).isEqualTo(NOW.minus(PoolHistory.SPAN));
        assertThat(samples.get(samples.size() - 1).time()).isEqualTo(NOW);
        assertThat(samples).isSortedAccordingTo((one, other) -> one.time().compareTo(other.time()));
    }

    @Test
    void aSampleAddsUpAllHosts() {
        PoolSnapshot snapshot = new PoolSnapshot(
                List.of(
                        new PoolSnapshot.Host(new Endpoint("web1", 22), 5, 2, 1, List.of(), false),
                        new PoolSnapshot.Host(new Endpoint("web2", 22), 1, 1, 4, List.of(), true)),
                List.of(),
                List.of(),
                0,
                0,
                0,
                Map.of(),
                Map.of());

        assertThat(Sample.of(snapshot, NOW)).isEqualTo(new Sample(NOW, 3, 5, 0));
    }
}
