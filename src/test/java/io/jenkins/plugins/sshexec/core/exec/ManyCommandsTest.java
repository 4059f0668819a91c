package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RealExec.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** More commands at once than the hosts' servers would take: OpenSSH with the limits that it has by default, or lower. */
@Timeout(300)
class ManyCommandsTest {

    private static final String NEW = "starting on a new session";
    private static final String REUSED = "starting on a reused session";
    private static final String DEFAULT_MAX_STARTUPS = "MaxStartups 10:30:100";

    private static ExecResult end(Step step) {
        return step.result().orTimeout(200, TimeUnit.SECONDS).join();
    }

    private static Throwable failure(Step step) {
        Throwable failure = step.result()
                .handle((result, thrown) -> thrown)
                .orTimeout(200, TimeUnit.SECONDS)
                .join();
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private static void assertSucceeded(Step step) {
        assertThat(end(step).exit()).as("%s", step.events()).isEqualTo(new Exited(0));
    }

    /** The server's log, by which it is known what it did, comes a moment later. */
    private static void awaitCommands(OpenSshServer host, int commands) {
        await().atMost(RealExec.LIMIT)
                .untilAsserted(() -> assertThat(host.commands()).isEqualTo(commands));
    }

    private static List<OpenSshServer> threeHosts() throws Exception {
        List<OpenSshServer> hosts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            hosts.add(OpenSshServer.start(DEFAULT_MAX_STARTUPS));
        }
        return hosts;
    }

    private static void stop(List<OpenSshServer> hosts) throws Exception {
        for (OpenSshServer host : hosts) {
            host.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void threeHundredStepsOfThirtyJobsToThreeHostsAllSucceed(int channelsPerSession) throws Exception {
        List<OpenSshServer> hosts = threeHosts();
        try (RealExec controller = new RealExec(RealExec.settings(8, 200, channelsPerSession))) {
            List<List<CompletableFuture<Step>>> jobs = IntStream.range(0, 30)
                    .mapToObj(job -> IntStream.range(0, 10)
                            .mapToObj(step -> CompletableFuture.supplyAsync(() ->
                                    controller.step(hosts.get((job + step) % 3), "echo job " + job + " step " + step)))
                            .toList())
                    .toList();

            for (int job = 0; job < jobs.size(); job++) {
                for (int i = 0; i < jobs.get(job).size(); i++) {
                    Step step = jobs.get(job).get(i).join();
                    assertSucceeded(step);
                    assertThat(step.stdout()).isEqualTo("job " + job + " step " + i + "\n");
                }
            }
            for (OpenSshServer host : hosts) {
                awaitCommands(host, 100);
                assertThat(host.connections()).as("sessions").isLessThanOrEqualTo(8);
                assertThat(host.log()).noneMatch(line -> line.contains("MaxStartups"));
            }
        } finally {
            stop(hosts);
        }
    }

    /** One session for each host, so that there is no doubt who was first. */
    @Test
    void eachHostServesItsStepsInTheirOrderAndTellsThemTheirPlace() throws Exception {
        List<OpenSshServer> hosts = threeHosts();
        try (RealExec controller = new RealExec(RealExec.settings(1, 200, 1))) {
            Map<OpenSshServer, List<Step>> lines = new HashMap<>();
            for (int i = 0; i < 60; i++) {
                OpenSshServer host = hosts.get(i % 3);
                Path go = host.directory().resolve("go");
                String command = "until [ -e " + go + " ]; do sleep 0.1; done; echo " + i / 3 + " >> "
                        + host.directory().resolve("order");
                lines.computeIfAbsent(host, any -> new ArrayList<>()).add(controller.step(host, command));
            }
            for (OpenSshServer host : hosts) {
                Files.createFile(host.directory().resolve("go"));
            }

            for (OpenSshServer host : hosts) {
                List<Step> line = lines.get(host);
                line.forEach(ManyCommandsTest::assertSucceeded);
                assertThat(Files.readAllLines(host.directory().resolve("order")))
                        .isEqualTo(
                                IntStream.range(0, 20).mapToObj(String::valueOf).toList());
                assertThat(line.get(0).events()).containsExactly(NEW);
                for (int place = 1; place < 20; place++) {
                    assertThat(line.get(place).events()).containsExactly("waiting as number " + place, REUSED);
                }
            }
        } finally {
            stop(hosts);
        }
    }

    @Test
    void aBusyHostHoldsUpNoOtherAndItsLineIsLeftAtOnce() throws Exception {
        List<OpenSshServer> hosts = threeHosts();
        try (RealExec controller = new RealExec(RealExec.settings(8, 200, 1))) {
            OpenSshServer busy = hosts.get(0);
            Path go = busy.directory().resolve("go");
            String untilGo = "until [ -e " + go + " ]; do sleep 0.1; done";
            List<Step> waiting = IntStream.range(0, 100)
                    .mapToObj(i -> controller.step(busy, untilGo))
                    .toList();
            List<Step> others = IntStream.range(0, 60)
                    .mapToObj(i -> controller.step(hosts.get(1 + i % 2), "true"))
                    .toList();

            others.forEach(ManyCommandsTest::assertSucceeded);
            List<Step> aborted = waiting.subList(50, 100);
            aborted.forEach(Step::abort);

            assertThat(aborted).allSatisfy(step -> assertThat(failure(step)).isInstanceOf(CancellationException.class));
            assertThat(waiting.subList(0, 50)).noneMatch(step -> step.result().isDone());
            Files.createFile(go);
            waiting.subList(0, 50).forEach(ManyCommandsTest::assertSucceeded);
            awaitCommands(busy, 50); // Those in line were never sent.
        } finally {
            stop(hosts);
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "4, 10"})
    void aHundredParallelSleepsToOneHostAllSucceed(int sessions, int channelsPerSession) throws Exception {
        try (OpenSshServer host = OpenSshServer.start(DEFAULT_MAX_STARTUPS);
                RealExec controller = new RealExec(RealExec.settings(sessions, 200, channelsPerSession))) {
            List<Step> steps = IntStream.range(0, 100)
                    .mapToObj(i -> controller.step(host, "sleep 0.2"))
                    .toList();

            steps.forEach(ManyCommandsTest::assertSucceeded);
            awaitCommands(host, 100);
            assertThat(host.connections()).isLessThanOrEqualTo(sessions);
        }
    }

    /** More seats are set than the server's MaxSessions of 10: the pool learns, and no step fails by that. */
    @Test
    void moreChannelsThanTheServerBearsFailNoStep() throws Exception {
        try (OpenSshServer host = OpenSshServer.start(DEFAULT_MAX_STARTUPS);
                RealExec controller = new RealExec(RealExec.settings(3, 200, 30))) {
            List<Step> steps = IntStream.range(0, 90)
                    .mapToObj(i -> controller.step(host, "sleep 0.2"))
                    .toList();

            steps.forEach(ManyCommandsTest::assertSucceeded);
        }
    }

    @Test
    void aServerThatDropsConnectsAtRandomFailsNoStep() throws Exception {
        try (OpenSshServer host = OpenSshServer.start("MaxStartups 2:50:5");
                RealExec controller = new RealExec(RealExec.settings(8, 200, 1))) {
            List<Step> steps = IntStream.range(0, 60)
                    .mapToObj(i -> controller.step(host, "true"))
                    .toList();

            steps.forEach(ManyCommandsTest::assertSucceeded);
            awaitCommands(host, 60);
            long droppedByServer = host.log().stream()
                    .filter(line -> line.matches("drop connection #\\d+ .*MaxStartups.*"))
                    .count();
            assertThat(droppedByServer).as("else nothing was shown").isPositive();
            assertThat(steps).as("told, and once").anySatisfy(step -> assertThat(step.events())
                    .containsOnlyOnce("connecting again after ConnectFailed"));
            assertThat(controller.pool().snapshot().outages()).isEmpty();
        }
    }

    /** It may be the server's way to refuse the login, which must not be tried until the account is locked. */
    @Test
    void aConnectionThatIsDroppedAtTheLoginIsTriedThreeTimesInAll() throws Exception {
        try (EmbeddedSshServer host = EmbeddedSshServer.start(EmbeddedSshServer.Auth.PASSWORD);
                RealExec controller = new RealExec(RealExec.settings(8, 200, 1))) {
            host.dropsAtLogin();

            Step step = controller.step(host.endpoint(), EmbeddedSshServer.login(), "true");

            assertThat(failure(step)).isInstanceOfSatisfying(ConnectFailed.class, failure -> assertThat(failure.stage())
                    .isEqualTo(Stage.LOGIN));
            assertThat(host.passwordAttempts()).isEqualTo(3);
            assertThat(step.events()).containsExactly("connecting again after ConnectFailed");
        }
    }
}
