package io.jenkins.plugins.sshexec.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.standalone.pipeline.PipelineScript;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One step on many hosts: a server that listens on all loopback addresses is each of them. */
@Timeout(180)
class ManyHostsTest {

    private static final int HOSTS = 100;
    private static final int LINES = 20;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);

    private EmbeddedSshServer server;
    private EmbeddedController controller;
    private EmbeddedJob job;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        server = EmbeddedSshServer.startOn("0.0.0.0", EmbeddedSshServer.Auth.PASSWORD);
        server.runs(this::serve);
        controller = EmbeddedController.start(home);
        job = new EmbeddedJob(controller.jenkins(), "job");
        SshExecConfiguration.get().setHostKeyVerification(new NoVerification());
        CredentialsProvider.lookupStores(controller.jenkins())
                .iterator()
                .next()
                .addCredentials(
                        Domain.global(),
                        new UsernamePasswordCredentialsImpl(
                                CredentialsScope.GLOBAL,
                                "login",
                                null,
                                EmbeddedSshServer.USER,
                                EmbeddedSshServer.PASSWORD));
    }

    @AfterEach
    void stop() throws IOException {
        go.countDown();
        controller.close();
        server.close();
    }

    private void serve(RemoteCall call) throws Exception {
        if (call.command().startsWith("exec /bin/sh")) {
            call.exit(0); // the script that ends another command, which has had its signal
            return;
        }
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        started.incrementAndGet();
        switch (call.command()) {
            case "lines" -> {
                for (int i = 0; i < LINES; i++) {
                    call.stdout(call.serverAddress()).stdout(" says " + i + "\n");
                }
            }
            case "wait" -> go.await();
            case "until TERM" -> {
                call.signalled(call.awaitSignal());
                ended.incrementAndGet();
                running.decrementAndGet();
                return;
            }
            case "fail" -> {
                running.decrementAndGet();
                go.await();
                call.exit(1);
                return;
            }
            default -> throw new IllegalArgumentException(call.command());
        }
        running.decrementAndGet();
        call.exit(0);
    }

    private String address(int number) {
        return "127.0.1." + number;
    }

    /** {@code sshExec} on so many hosts. */
    private String step(int hosts, String command, String more) {
        String list = String.join(
                ", ",
                IntStream.rangeClosed(1, hosts)
                        .mapToObj(number ->
                                "'" + address(number) + ":" + server.endpoint().port() + "'")
                        .toList());
        return "sshExec hosts: [" + list + "], credentialsId: 'login', command: '" + command + "'" + more;
    }

    private String run(String script) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try {
            new PipelineScript("Jenkinsfile", script)
                    .run(new EmbeddedRun(job), new StreamTaskListener(log, StandardCharsets.UTF_8), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aHundredHostsInOneStepWaitInLineForTheSessionsThereMayBe() {
        SshExecConfiguration.get().setSessionsPerHost(1);
        SshExecConfiguration.get().setSessionsInTotal(40);
        String log = run(step(HOSTS, "lines", ""));
        assertThat(log).endsWith("Finished: SUCCESS\n");
        assertThat(log).contains("number 1 in line");
        for (int number = 1; number <= HOSTS; number++) {
            String host = address(number) + ":" + server.endpoint().port();
            List<String> said = log.lines()
                    .filter(line -> line.contains(" says ") && line.startsWith("[" + host + "] "))
                    .toList();
            String address = address(number);
            assertThat(said)
                    .as(host)
                    .containsExactlyElementsOf(IntStream.range(0, LINES)
                            .mapToObj(i -> "[" + host + "] " + address + " says " + i)
                            .toList());
            assertThat(log).containsPattern("(?m)^" + host + " +0 +\\d+\\.\\d$");
        }
        assertThat(mostRunning).hasValueLessThanOrEqualTo(40);
    }

    @Test
    void commandsThatRunHoldNoThread() {
        CompletableFuture<String> log = CompletableFuture.supplyAsync(() -> run(step(30, "wait", "")));
        await().atMost(Duration.ofSeconds(60)).until(() -> running.get() == 30);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().entrySet())
                        .filteredOn(thread -> thread.getKey().getName().startsWith("ssh-exec worker")
                                || thread.getKey().getName().startsWith("ssh-exec log writer"))
                        .allSatisfy(thread -> assertThat(thread.getValue())
                                .noneMatch(frame -> frame.getClassName().startsWith("io.jenkins.plugins.sshexec"))));
        go.countDown();
        assertThat(log.join()).endsWith("Finished: SUCCESS\n");
    }

    @Test
    void neverMoreAtOnceThanAskedFor() {
        CompletableFuture<String> log = CompletableFuture.supplyAsync(() -> run(step(12, "wait", ", maxParallel: 5")));
        await().atMost(Duration.ofSeconds(60)).until(() -> running.get() == 5);
        go.countDown();
        assertThat(log.join()).endsWith("Finished: SUCCESS\n");
        assertThat(started).hasValue(12);
        assertThat(mostRunning).hasValue(5);
    }

    @Test
    void abortEndsTheCommandsOnAllHostsAndStartsNoOther() throws Exception {
        String failing =
                "sshExec host: '127.0.2.1:" + server.endpoint().port() + "', credentialsId: 'login', command: 'fail'";
        String script = "parallel many: { " + step(30, "until TERM", ", maxParallel: 20") + " }, failing: { " + failing
                + " }, failFast: true";
        CompletableFuture<String> log = CompletableFuture.supplyAsync(() -> run(script));
        await().atMost(Duration.ofSeconds(60)).until(() -> started.get() == 21);
        go.countDown();
        String told = log.get(30, TimeUnit.SECONDS);
        assertThat(told).doesNotContain("\tat ");
        assertThat(told.lines().filter(line -> line.endsWith("Ended, because the build was stopped.")))
                .as(told)
                .hasSize(20);
        assertThat(told.lines().filter(line -> line.endsWith("Not started, because the build was stopped.")))
                .hasSize(10);
        await().atMost(Duration.ofSeconds(30)).until(() -> ended.get() == 20);
        assertThat(started).hasValue(21);
        await().atMost(Duration.ofSeconds(30)).until(() -> SshPoolService.get().pool().snapshot().hosts().stream()
                .allMatch(host -> host.leases() == 0 && host.waiting() == 0));
    }
}
