package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sink that fails ends its own command and no other. */
@Timeout(60)
class SinkFailureTest {

    private final TransportFixture fixture = new TransportFixture();
    private final CollectingSink sink = new CollectingSink();
    private EmbeddedSshServer server;
    private SshSession session;

    @BeforeEach
    void connect() throws Exception {
        server = EmbeddedSshServer.start();
        session = fixture.connect(server.endpoint(), EmbeddedSshServer.login());
    }

    @AfterEach
    void close() throws Exception {
        session.close();
        server.close();
    }

    @Test
    void stdoutRefused() throws Exception {
        assertRefused("echo x", "the log is full");
    }

    @Test
    void stderrRefused() throws Exception {
        assertRefused("err x", "the log is full");
    }

    @Test
    void sinkWithABug() throws Exception {
        assertRefused("bug", "IllegalStateException: a bug");
    }

    @Test
    void sinkWithAnError() throws Exception {
        assertRefused("panic", "StackOverflowError: an error");
    }

    @Test
    void closeWhileTheSinkIsBusyWaitsForItWithTheExit() throws Exception {
        CountDownLatch inSink = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        server.runs(call -> {
            call.stdout("x");
            call.hang();
        });
        RemoteProcess process = start(session, "x", new OutputSink() {
            @Override
            public void stdout(byte[] buffer, int offset, int length) {
                inSink.countDown();
                awaitUninterruptibly(goOn);
            }

            @Override
            public void stderr(byte[] buffer, int offset, int length) {
                throw new AssertionError("unexpected");
            }
        });
        inSink.await();
        process.close();
        assertThat(process.exit()).isNotDone();
        goOn.countDown();
        assertThatThrownBy(() -> end(process)).isInstanceOf(ExecutionException.class);
    }

    private void assertRefused(String command, String message) throws Exception {
        server.runs(call -> {
            if (call.command().startsWith("err")) {
                call.stderr("x");
            } else {
                call.stdout(call.command());
            }
            call.hang();
        });
        RemoteProcess process = start(session, command, new FullSink());
        assertThatThrownBy(() -> end(process))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(OutputRefused.class)
                .hasMessageContaining(message);
        server.runs(call -> call.exit(0));
        assertThat(run(session, "next", sink)).isEqualTo(new Exited(0));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class FullSink implements OutputSink {
        @Override
        public void stdout(byte[] buffer, int offset, int length) throws IOException {
            if (length == 3) {
                throw new IllegalStateException("a bug");
            }
            if (length == 5) {
                throw new StackOverflowError("an error");
            }
            throw new IOException("the log is full");
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("the log is full");
        }
    }
}
