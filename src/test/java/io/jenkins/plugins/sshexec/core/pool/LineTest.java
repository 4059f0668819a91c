package io.jenkins.plugins.sshexec.core.pool;

import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.HOLDER;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.SETTINGS;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.failure;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.get;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.limits;
import static io.jenkins.plugins.sshexec.core.pool.PoolFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits, for how long, and who is next. */
@Timeout(60)
class LineTest {

    /** Two sessions for each host, four in total, one lease for each. */
    private final PoolFixture fixture = new PoolFixture(SETTINGS);

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private List<SessionLease> fill(String... hosts) {
        List<SessionLease> leases = new ArrayList<>();
        for (String host : hosts) {
            leases.add(fixture.lease(host));
        }
        return leases;
    }

    private CompletableFuture<SessionLease> line(String host) {
        CompletableFuture<SessionLease> asked = fixture.ask(host);
        fixture.settle();
        assertThat(asked).isNotDone();
        return asked;
    }

    @Test
    void aHostsLineIsServedInItsOrder() {
        SessionLease first = fill("web1", "web1").get(0);
        List<CompletableFuture<SessionLease>> line =
                IntStream.range(0, 3).mapToObj(i -> line("web1")).toList();

        SessionLease current = first;
        for (int i = 0; i < line.size(); i++) {
            current.close();
            fixture.settle();
            assertThat(line.stream().filter(CompletableFuture::isDone)).hasSize(i + 1);
            current = get(line.get(i));
        }
    }

    @Test
    void nobodyOvertakesWithinAHostWhateverItsKey() {
        SessionLease first = fill("web1", "web1").get(0);
        CompletableFuture<SessionLease> head = fixture.ask(spec("web1", "other", "secret"));
        CompletableFuture<SessionLease> next = fixture.ask("web1");

        first.close();
        fixture.settle();

        assertThat(head).isDone();
        assertThat(next).isNotDone();
    }

    @Test
    void aHostAtItsLimitHoldsUpNoOther() {
        fill("web1", "web1");
        line("web1");

        assertThat(fixture.lease("web2")).isNotNull();
    }

    @Test
    void theTotalLimitGoesToWhoCameFirst() {
        List<SessionLease> out = fill("web1", "web1", "web2", "web2");
        CompletableFuture<SessionLease> atItsOwnLimit = line("web1");
        CompletableFuture<SessionLease> first = line("web3");
        CompletableFuture<SessionLease> second = line("web4");

        out.get(2).close();
        fixture.settle();
        assertThat(first).isDone();
        assertThat(second).isNotDone();

        out.get(0).close();
        fixture.settle();
        assertThat(atItsOwnLimit).isDone();
        assertThat(second).isNotDone();

        out.get(3).close();
        fixture.settle();
        assertThat(second).isDone();
    }

    @Test
    void eachCallerWaitsForItsOwnTime() {
        fill("web1", "web1");
        CompletableFuture<SessionLease> early = line("web1");
        fixture.clock.advance(SETTINGS.waitTimeout().minusSeconds(1));
        CompletableFuture<SessionLease> late = line("web1");

        fixture.pass(Duration.ofSeconds(1));

        assertThat(failure(early)).isInstanceOf(PoolTimeout.class);
        assertThat(late).isNotDone();
    }

    @Test
    void aTimeoutSaysWhatTheCallerWaitedFor() {
        fill("web1", "web1");
        CompletableFuture<SessionLease> first = line("web1");
        Duration lead = Duration.ofSeconds(1); // so that the second still waits then
        fixture.pass(lead);
        line("web1");

        fixture.pass(SETTINGS.waitTimeout().minus(lead));

        assertThat(failure(first)).isInstanceOfSatisfying(PoolTimeout.class, timeout -> {
            assertThat(timeout.limit()).isEqualTo(SETTINGS.waitTimeout());
            assertThat(timeout.inUse()).isEqualTo(2);
            assertThat(timeout.waiting()).isEqualTo(2);
        });
        fixture.pass(lead);
        assertThat(fixture.host("web1").waiting()).isZero();
    }

    @Test
    void cancellingLeavesTheLineAtOnce() {
        SessionLease first = fill("web1", "web1").get(0);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> cancelled = fixture.ask("web1", cancellation);
        CompletableFuture<SessionLease> behind = line("web1");

        cancellation.cancel();

        assertThat(failure(cancelled)).isInstanceOf(CancellationException.class);
        first.close();
        assertThat(get(behind)).isNotNull();
    }

    @Test
    void aRequestCancelledBeforehandGetsNothing() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();

        assertThat(failure(fixture.ask("web1", cancellation))).isInstanceOf(CancellationException.class);
        fixture.settle();
        assertThat(fixture.host("web1").leases()).isZero();
    }

    @Test
    void theHeadsCancellationLetsThoseBehindThrough() {
        fixture.apply(limits(1, 4, 3));
        SessionLease shared = fixture.lease("web1");
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionLease> needsOwnSession =
                fixture.pool.lease(spec("web1", "other", "secret"), HOLDER, place -> {}, cancellation);
        CompletableFuture<SessionLease> couldShare = line("web1");

        cancellation.cancel();

        assertThat(get(couldShare).session()).isSameAs(shared.session());
        assertThat(failure(needsOwnSession)).isInstanceOf(CancellationException.class);
    }

    @Test
    void callersAreToldTheirPlaceInLineOnce() {
        SessionLease first = fill("web1", "web1").get(0);
        List<Integer> places = new ArrayList<>();
        List<CompletableFuture<SessionLease>> line = IntStream.range(0, 3)
                .mapToObj(i -> fixture.pool.lease(spec("web1"), HOLDER, places::add, new Cancellation()))
                .toList();

        first.close();
        get(line.get(0)).close();

        assertThat(get(line.get(1))).isNotNull();
        assertThat(places).containsExactly(1, 2, 3);
    }

    @Test
    void whoNeedNotWaitIsToldNothing() {
        List<Integer> places = new ArrayList<>();

        get(fixture.pool.lease(spec("web1"), HOLDER, places::add, new Cancellation()));

        assertThat(places).isEmpty();
    }

    @Test
    void theLeaseComesAfterTheObserverWasTold() {
        SessionLease first = fill("web1", "web1").get(0);
        List<CompletableFuture<SessionLease>> asked = new ArrayList<>();
        List<String> order = new ArrayList<>();

        asked.add(fixture.pool.lease(
                spec("web1"),
                HOLDER,
                place -> {
                    first.close(); // The lease is seated and could be delivered from here on.
                    fixture.settle();
                    order.add("told");
                },
                new Cancellation()));
        get(asked.get(0).whenComplete((lease, failure) -> order.add("granted")));

        assertThat(order).containsExactly("told", "granted");
    }

    @Test
    void anObserverThatThrowsHurtsNobody() {
        SessionLease first = fill("web1", "web1").get(0);
        CompletableFuture<SessionLease> asked = fixture.pool.lease(
                spec("web1"),
                HOLDER,
                place -> {
                    throw new AssertionError("thrown on purpose by the test");
                },
                new Cancellation());
        CompletableFuture<SessionLease> behind = line("web1");

        first.close();
        get(asked).close();

        assertThat(get(behind)).isNotNull();
    }

    @Test
    void aCallbackThatThrowsHurtsNobody() {
        SessionLease first = fill("web1", "web1").get(0);
        CompletableFuture<SessionLease> asked = line("web1");
        CompletableFuture<Void> after = asked.thenAccept(lease -> {
            lease.close();
            throw new IllegalStateException("thrown on purpose by the test");
        });
        CompletableFuture<SessionLease> behind = line("web1");

        first.close();

        assertThat(get(behind)).isNotNull();
        fixture.settle();
        assertThat(after).isCompletedExceptionally();
    }

    @Test
    void aLeaseWhoseFutureTheCallerEndedGoesBack() {
        SessionLease first = fill("web1", "web1").get(0);
        CompletableFuture<SessionLease> asked = line("web1");
        asked.cancel(false);

        first.close();
        fixture.settle();

        assertThat(fixture.host("web1").leases()).isEqualTo(1);
    }

    @Test
    void raisingALimitServesTheLineAtOnce() {
        fill("web1", "web1");
        CompletableFuture<SessionLease> asked = line("web1");

        fixture.apply(limits(3, 4, 1));

        assertThat(get(asked)).isNotNull();
    }

    @Test
    void aLoweredLimitIsReachedAsLeasesEnd() {
        List<SessionLease> out = fill("web1", "web1");
        fixture.pool.apply(limits(1, 4, 1));
        CompletableFuture<SessionLease> asked = line("web1");

        out.get(0).close();
        fixture.settle();
        assertThat(asked).isNotDone();

        out.get(1).close();
        assertThat(get(asked)).isNotNull();
    }

    @Test
    void aHostThatHandsItsSeatsOnForEverStarvesNoOther() {
        fixture.apply(limits(2, 2, 2));
        List<SessionLease> busy = fill("web1", "web1", "web1");
        CompletableFuture<SessionLease> other = line("web2");

        // A new command for the busy host each time one ends: without care its two slots would never come free.
        List<CompletableFuture<SessionLease>> following = new ArrayList<>();
        for (SessionLease lease : busy) {
            following.add(fixture.ask("web1"));
            lease.close();
            fixture.settle();
        }

        assertThat(other).isDone();
        get(other).close();
        following.forEach(asked -> get(asked).close());
    }
}
