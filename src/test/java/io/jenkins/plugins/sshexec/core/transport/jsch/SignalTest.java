package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jcraft.jsch.Channel;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals near a command's end. OpenSSH gives the number of a closed channel to the next one, and so to another build. */
@Timeout(60)
class SignalTest {

    /** For a channel that is closed OpenSSH ends the connection; once its number is in use again, the signal is heeded. */
    @Test
    void nothingIsSentToACommandThatHasEnded() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                SshSession session = new TransportFixture().connect(server)) {
            RemoteProcess first = start(session, "true", new CollectingSink());
            assertThat(end(first)).isEqualTo(new Exited(0));
            first.signal("TERM");
            assertThat(run(session, "exit 7", new CollectingSink())).isEqualTo(new Exited(7));
        }
    }

    /**
     * Whoever hears of the end may use the session again: no signal may be under way then. Who tells it depends on what JSch
     * sees first, the end of the channel in the signalling thread or in the one that closes.
     */
    @Test
    void theEndIsToldWhenTheSignalUnderWayIsThrough() throws Exception {
        try (OpenSshServer server = OpenSshServer.start();
                TcpProxy proxy = TcpProxy.to(server.endpoint());
                SshSession session = new TransportFixture().connect(proxy.endpoint(), server.login())) {
            RemoteProcess process = start(session, "sleep 60", new CollectingSink());
            Thread signaller = new Thread(() -> process.signal("TERM"));
            CompletableFuture<Boolean> underWayAtTheEnd =
                    process.exit().handle((exit, failure) -> isWithinJsch(signaller));
            proxy.pause(); // no answer to the signal comes any more
            signaller.start();
            await().until(() -> isWithinJsch(signaller) && signaller.getState() == Thread.State.TIMED_WAITING);
            process.close();
            assertThat(underWayAtTheEnd.get(TransportFixture.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isFalse();
            proxy.resume();
        }
    }

    private static boolean isWithinJsch(Thread thread) {
        String jsch = Channel.class.getPackageName() + ".";
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(jsch));
    }
}
