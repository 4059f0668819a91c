package io.jenkins.plugins.sshexec.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot.Caller;
import io.jenkins.plugins.sshexec.core.pool.RefusalReason;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.time.Timings.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The numbers that monitoring gets, by the names that are documented. */
class PoolMetricsTest {

    private static final Caller WAITER =
            new Caller(new LeaseHolder("shop", "shop #1", "job/shop/1/"), Duration.ofSeconds(1));

    private final MetricRegistry registry = new MetricRegistry();
    private final AtomicInteger snapshots = new AtomicInteger();
    private final PoolMetrics metrics = new PoolMetrics(() -> {
        snapshots.incrementAndGet();
        return new PoolSnapshot(
                List.of(
                        new PoolSnapshot.Host(new Endpoint("web1", 22), 5, 2, 1, List.of(WAITER), false),
                        new PoolSnapshot.Host(new Endpoint("web2", 22), 1, 1, 3, List.of(WAITER, WAITER), true)),
                List.of(),
                List.of(),
                12,
                34,
                5,
                Map.of(RetireReason.IDLE, 6L),
                Map.of(RefusalReason.WAIT_TIMEOUT, 7L));
    });

    @BeforeEach
    void register() {
        registry.registerAll(metrics);
    }

    private Object gauge(String name) {
        Gauge<?> gauge = registry.getGauges().get(name);
        assertThat(gauge).as(name).isNotNull();
        return gauge.getValue();
    }

    private long count(String name) {
        Counter counter = registry.getCounters().get(name);
        assertThat(counter).as(name).isNotNull();
        return counter.getCount();
    }

    @Test
    void gaugesAddUpAllHosts() {
        assertThat(gauge("ssh-exec.sessions.in-use")).isEqualTo(3);
        assertThat(gauge("ssh-exec.sessions.idle")).isEqualTo(4);
        assertThat(gauge("ssh-exec.leases")).isEqualTo(6);
        assertThat(gauge("ssh-exec.waiting")).isEqualTo(3);
        assertThat(gauge("ssh-exec.hosts")).isEqualTo(2);
        assertThat(gauge("ssh-exec.hosts.paused")).isEqualTo(1);
    }

    @Test
    void countersAreThoseOfThePool() {
        assertThat(count("ssh-exec.sessions.opened")).isEqualTo(12);
        assertThat(count("ssh-exec.sessions.reused")).isEqualTo(34);
        assertThat(count("ssh-exec.sessions.replaced")).isEqualTo(5);
        assertThat(count("ssh-exec.sessions.closed.idle")).isEqualTo(6);
        assertThat(count("ssh-exec.sessions.closed.dead")).isZero();
        assertThat(count("ssh-exec.refused.wait-timeout")).isEqualTo(7);
        assertThat(count("ssh-exec.refused.login")).isZero();
    }

    @Test
    void nobodyElseCounts() {
        Counter counter = registry.getCounters().get("ssh-exec.sessions.opened");

        assertThatThrownBy(counter::inc).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(counter::dec).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void timersGetWhatTheirPartTook() {
        metrics.took(Part.BORROW, Duration.ofMillis(20));
        metrics.took(Part.BORROW, Duration.ofMillis(40));
        metrics.took(Part.RUN, Duration.ofSeconds(3));

        Timer borrow = registry.getTimers().get("ssh-exec.time.borrow");
        assertThat(borrow.getCount()).isEqualTo(2);
        assertThat(borrow.getSnapshot().getMax())
                .isEqualTo(Duration.ofMillis(40).toNanos());
        assertThat(registry.getTimers().get("ssh-exec.time.run").getCount()).isOne();
        assertThat(registry.getTimers().get("ssh-exec.time.connect").getCount()).isZero();
        assertThat(registry.getTimers().get("ssh-exec.time.check").getCount()).isZero();
    }

    @Test
    void theNumbersOfOneScrapeAreOfOneMoment() {
        for (Gauge<?> gauge : registry.getGauges().values()) {
            assertThat(gauge.getValue()).isNotNull();
        }
        registry.getCounters().values().forEach(Counter::getCount);

        // Two where the second between two snapshots ended meanwhile.
        assertThat(snapshots.get()).isBetween(1, 2);
    }

    @Test
    void everyMetricIsDocumentedAndNoOther() throws IOException {
        String page = Files.readString(documentation());
        Matcher names = Pattern.compile("\\| `(ssh-exec\\.[a-z.-]+)`").matcher(page);

        assertThat(names.results().map(found -> found.group(1)).collect(Collectors.toSet()))
                .isEqualTo(metrics.getMetrics().keySet());
    }

    /** From the plugin's own folder, or from that of its other build. */
    private static Path documentation() {
        Path here = Path.of("docs/operations.md");
        return Files.exists(here) ? here : Path.of("..").resolve(here);
    }
}
