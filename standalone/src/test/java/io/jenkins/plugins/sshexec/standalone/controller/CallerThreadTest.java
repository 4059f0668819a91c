package io.jenkins.plugins.sshexec.standalone.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.TaskListener;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.call.RemoteCalls;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link RemoteCalls#exec} promises a caller that must not block, as the thread of Pipeline's interpreter. */
class CallerThreadTest {

    /** The look-up of credentials is quick, so that some come to their end before the caller does. */
    private static final int CALLS = 2_000;

    @TempDir
    Path home;

    @Test
    void nothingOfACommandIsDoneOnTheCallingThread() throws Exception {
        try (EmbeddedController controller = EmbeddedController.start(home)) {
            CredentialsProvider.lookupStores(controller.jenkins())
                    .iterator()
                    .next()
                    .addCredentials(
                            Domain.global(),
                            new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "web", null, "u", "p"));
            EmbeddedRun run = new EmbeddedRun(new EmbeddedJob(controller.jenkins(), "job"));
            ExecCall call = ExecCall.of("127.0.0.1:1", "web", "true", null, true, Returned.NOTHING);
            Set<Thread> beginners = ConcurrentHashMap.newKeySet();
            PrintStream log = new PrintStream(OutputStream.nullOutputStream());
            TaskListener listener = () -> {
                beginners.add(Thread.currentThread());
                return log;
            };
            Cancellation cancelled = new Cancellation();
            cancelled.cancel(); // so that nothing is connected
            for (int i = 0; i < CALLS; i++) {
                RemoteCalls.exec(call, run, listener, cancelled)
                        .exceptionally(failure -> null)
                        .join();
            }
            assertThat(beginners).isNotEmpty().doesNotContain(Thread.currentThread());
        }
    }
}
