package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenSshCommandTest {

    private static final TransportFixture FIXTURE = new TransportFixture();
    private static OpenSshServer server;
    private static SshSession session;

    private final CollectingSink sink = new CollectingSink();

    @BeforeAll
    static void connect() throws Exception {
        server = OpenSshServer.start();
        session = FIXTURE.connect(server);
    }

    @AfterAll
    static void close() throws Exception {
        if (server != null) {
            session.close();
            server.close();
        }
    }

    @Test
    void exitStatusAndBothStreams() throws Exception {
        assertThat(run(session, "echo out; echo err >&2; exit 3", sink)).isEqualTo(new Exited(3));
        assertThat(sink.out()).isEqualTo("out\n");
        assertThat(sink.err()).isEqualTo("err\n");
    }

    @Test
    void signal() throws Exception {
        assertThat(run(session, "kill -9 $$", sink)).isEqualTo(new Signalled("KILL"));
    }
}
