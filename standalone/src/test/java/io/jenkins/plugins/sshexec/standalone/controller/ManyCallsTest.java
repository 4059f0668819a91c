package io.jenkins.plugins.sshexec.standalone.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.call.CallResult;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.call.ManyCalls;
import io.jenkins.plugins.sshexec.call.ManyHostsFailure;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a step on many hosts ends, whatever becomes of one. None of them is reached: there are no credentials. */
class ManyCallsTest {

    @TempDir
    Path home;

    private EmbeddedController controller;

    @BeforeEach
    void start() throws Exception {
        controller = EmbeddedController.start(home);
    }

    @AfterEach
    void stop() throws Exception {
        controller.close();
    }

    private static CompletableFuture<List<CallResult>> exec(EmbeddedRun run, PrintStream log) throws Exception {
        Map<String, ExecCall> calls = new LinkedHashMap<>();
        for (String host : List.of("one.example", "two.example")) {
            calls.put(host, ExecCall.of(host, "none", "true", null, true, Returned.NOTHING));
        }
        return ManyCalls.exec(new ManyCalls.Wanted(calls, 1, false, false), run, () -> log, new Cancellation());
    }

    @Test
    void logThatThrowsFailsTheStep() throws Exception {
        PrintStream log = new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(Object line) {
                throw new IllegalStateException("no log");
            }
        };
        EmbeddedRun run = new EmbeddedRun(new EmbeddedJob(controller.jenkins(), "job"));
        assertThatThrownBy(() -> exec(run, log).get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no log");
    }

    /** Most are begun on a thread that learns how another one ended, where nobody hears what is thrown. */
    @Test
    void commandThatCannotBeBegunIsAFailureOfItsHost() throws Exception {
        EmbeddedRun run = new EmbeddedRun(new EmbeddedJob(controller.jenkins(), "job"));
        controller.close(); // so that there is no pool to ask for
        PrintStream log = new PrintStream(OutputStream.nullOutputStream());
        assertThatThrownBy(() -> exec(run, log).get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(ManyHostsFailure.class, failure -> assertThat(failure.getFailures())
                        .containsOnlyKeys("one.example", "two.example"));
    }
}
