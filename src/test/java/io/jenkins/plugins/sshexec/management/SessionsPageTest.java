package io.jenkins.plugins.sshexec.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostProof;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot.Caller;
import io.jenkins.plugins.sshexec.core.pool.RefusalReason;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From a snapshot of the pool to what is shown of it. */
class SessionsPageTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final Endpoint WEB2 = new Endpoint("web2", 2222);
    private static final HostKey HOST_KEY = new HostKey("ssh-ed25519", new byte[] {1});
    private static final LeaseHolder SHOP = new LeaseHolder("shop", "shop #1", "job/shop/1/");
    private static final LeaseHolder SECRET = new LeaseHolder("secret", "secret #2", "job/secret/2/");

    private static PoolSnapshot.Session session(
            long id, Endpoint endpoint, boolean idle, boolean ending, Caller... by) {
        return new PoolSnapshot.Session(
                id,
                endpoint,
                "deploy",
                new SessionFacts("SSH-2.0-OpenSSH_9.2", new HostProof.Key(HOST_KEY), "curve25519-sha256", "aes128-gcm"),
                Duration.ofSeconds(125),
                Duration.ofSeconds(30),
                7,
                idle,
                ending,
                List.of(by));
    }

    private static Caller caller(LeaseHolder holder, int seconds) {
        return new Caller(holder, Duration.ofSeconds(seconds));
    }

    private static SessionsPage page(List<PoolSnapshot.Host> hosts, List<PoolSnapshot.Session> sessions) {
        return new SessionsPage(
                new PoolSnapshot(hosts, sessions, List.of(), 12, 34, 5, Map.of(), Map.of()),
                holder -> !holder.equals(SECRET));
    }

    @Test
    void hostsThatCannotBeReachedHaveTheirReason() {
        SshException refused = new ConnectFailed(WEB2, Stage.TCP, "Connection refused", null);
        List<PoolSnapshot.Outage> outages = List.of(
                new PoolSnapshot.Outage(WEB1, 2, refused, false, Duration.ZERO),
                new PoolSnapshot.Outage(WEB2, 5, refused, true, Duration.ofMillis(9_001)));

        List<OutageRow> rows = new SessionsPage(
                        new PoolSnapshot(List.of(), List.of(), outages, 0, 0, 0, Map.of(), Map.of()), holder -> true)
                .getOutages();

        assertThat(rows).extracting(OutageRow::getHost).containsExactly("web1:22", "web2:2222");
        assertThat(rows).extracting(OutageRow::getFailures).containsExactly(2, 5);
        assertThat(rows).extracting(OutageRow::isClosedToNewSessions).containsExactly(false, true);
        assertThat(rows).extracting(OutageRow::getNextTryInSeconds).containsExactly(0L, 10L);
        assertThat(rows.get(1).getReason()).contains("Connection refused");
    }

    @Test
    void hostsHaveTheirNumbersAndTheirLine() {
        List<Caller> line =
                IntStream.range(0, 5).mapToObj(i -> caller(SHOP, 50 - i)).toList();
        HostRow host = page(List.of(new PoolSnapshot.Host(WEB2, 3, 2, 4, line, true)), List.of())
                .getHosts()
                .get(0);

        assertThat(host.getHost()).isEqualTo("web2:2222");
        assertThat(host.getOpen()).isEqualTo(6);
        assertThat(host.getInUse()).isEqualTo(2);
        assertThat(host.getIdle()).isEqualTo(4);
        assertThat(host.getLeases()).isEqualTo(3);
        assertThat(host.getWaiting()).isEqualTo(5);
        assertThat(host.isPaused()).isTrue();
        assertThat(host.getLine()).hasSize(5);
        assertThat(host.getNextInLine()).extracting(CallerRow::getSeconds).containsExactly(50L, 49L, 48L);
        assertThat(host.getUnnamed()).isEqualTo(2);
    }

    @Test
    void aSessionSaysAllOfItself() {
        SessionRow session = page(List.of(), List.of(session(3, WEB1, false, false, caller(SHOP, 65))))
                .getSessions()
                .get(0);

        assertThat(session.getId()).isEqualTo(3);
        assertThat(session.getHost()).isEqualTo("web1:22");
        assertThat(session.getShortName()).isEqualTo("web1");
        assertThat(session.getUser()).isEqualTo("deploy");
        assertThat(session.getState()).isEqualTo("in use");
        assertThat(session.getAge()).isEqualTo("2 min 5 sec");
        assertThat(session.getAgeSeconds()).isEqualTo(125);
        assertThat(session.getUnusedSeconds()).isZero();
        assertThat(session.getUses()).isEqualTo(7);
        assertThat(session.getServerVersion()).isEqualTo("SSH-2.0-OpenSSH_9.2");
        assertThat(session.getKeyExchange()).isEqualTo("curve25519-sha256");
        assertThat(session.getCipher()).isEqualTo("aes128-gcm");
        assertThat(session.getHostKeyType()).isEqualTo("ssh-ed25519");
        assertThat(session.getHostKeyFingerprint()).isEqualTo(HOST_KEY.fingerprint());
        assertThat(session.getHolders()).singleElement().satisfies(holder -> {
            assertThat(holder.getBuild()).isEqualTo("shop #1");
            assertThat(holder.getUrl()).isEqualTo("job/shop/1/");
            assertThat(holder.getTime()).isEqualTo("1 min 5 sec");
        });
    }

    @Test
    void statesAreToldApart() {
        SessionsPage page = page(
                List.of(),
                List.of(
                        session(1, WEB1, true, false),
                        session(2, WEB1, false, false, caller(SHOP, 1)),
                        session(3, WEB1, false, true, caller(SHOP, 1))));

        assertThat(page.getSessions())
                .extracting(SessionRow::getState)
                .containsExactly("idle for 30 sec", "in use", "closes after use");
        assertThat(page.getSessions().get(0).getUnusedSeconds()).isEqualTo(30);
    }

    @Test
    void buildsOfJobsThatTheViewerMayNotSeeHaveNoName() {
        SessionsPage page = page(
                List.of(new PoolSnapshot.Host(WEB1, 1, 1, 0, List.of(caller(SECRET, 9)), false)),
                List.of(session(1, WEB1, false, false, caller(SECRET, 8))));

        assertThat(List.of(
                        page.getHosts().get(0).getLine().get(0),
                        page.getSessions().get(0).getHolders().get(0)))
                .allSatisfy(row -> {
                    assertThat(row.getBuild()).isNull();
                    assertThat(row.getUrl()).isNull();
                    assertThat(row.getSeconds()).isPositive();
                });
    }

    @Test
    void sessionsAreInTheOrderOfTheirHosts() {
        SessionsPage page = page(
                List.of(),
                List.of(session(1, WEB2, true, false), session(2, WEB1, true, false), session(3, WEB2, true, false)));

        assertThat(page.getSessions()).extracting(SessionRow::getId).containsExactly(2L, 1L, 3L);
    }

    @Test
    void countsAreThoseOfThePool() {
        SessionsPage page = page(List.of(), List.of());

        assertThat(page.getOpened()).isEqualTo(12);
        assertThat(page.getReused()).isEqualTo(34);
        assertThat(page.getReplaced()).isEqualTo(5);
    }

    @Test
    void everyReasonHasAnApiNameAndASentence() {
        Map<RetireReason, Long> retired = all(RetireReason.values());
        Map<RefusalReason, Long> refused = all(RefusalReason.values());
        SessionsPage page = new SessionsPage(
                new PoolSnapshot(List.of(), List.of(), List.of(), 0, 0, 0, retired, refused), holder -> true);

        assertThat(page.getClosed()).hasSameSizeAs(retired).containsEntry("IDLE", 1L);
        assertThat(page.getRefused()).hasSameSizeAs(refused).containsEntry("WAIT_TIMEOUT", 1L);
        assertThat(page.getClosedBecause()).hasSameSizeAs(retired).containsEntry("Its host was drained", 9L);
        assertThat(page.getRefusedBecause()).hasSameSizeAs(refused);
    }

    private static <R extends Enum<R>> Map<R, Long> all(R[] reasons) {
        return Arrays.stream(reasons).collect(Collectors.toMap(Function.identity(), reason -> reason.ordinal() + 1L));
    }

    @Test
    void theSummaryAddsUpAllHosts() {
        SessionsPage page = page(
                List.of(
                        new PoolSnapshot.Host(WEB1, 5, 2, 1, List.of(caller(SHOP, 1)), false),
                        new PoolSnapshot.Host(WEB2, 1, 1, 3, List.of(), false)),
                List.of());

        assertThat(page.getSummary()).isEqualTo("7 sessions open: 3 in use, 4 idle. 1 command waiting.");
    }
}
