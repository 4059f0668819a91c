package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.model.HostProof;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands on one session to a real server. */
@Timeout(60)
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
    void largestExitStatus() throws Exception {
        assertThat(run(session, "exit 255", sink)).isEqualTo(new Exited(255));
    }

    @Test
    void commandThatIsNotThere() throws Exception {
        assertThat(run(session, "no-such-command-here", sink)).isEqualTo(new Exited(127));
        assertThat(sink.err()).contains("no-such-command-here");
    }

    @Test
    void killedBySignal() throws Exception {
        assertThat(run(session, "kill -9 $$", sink)).isEqualTo(new Signalled("KILL"));
    }

    @Test
    void noFinalNewline() throws Exception {
        run(session, "printf 'no newline'", sink);
        assertThat(sink.out()).isEqualTo("no newline");
    }

    @Test
    void everyByteValue() throws Exception {
        run(session, "i=0; while [ $i -lt 256 ]; do printf \"\\\\$(printf %03o $i)\"; i=$((i+1)); done", sink);
        byte[] expected = new byte[256];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) i;
        }
        assertThat(sink.outBytes()).isEqualTo(expected);
    }

    @Test
    void commandIsSentInItsOwnBytes() throws Exception {
        byte[] latin1 = "printf %s 'ü'".getBytes(StandardCharsets.ISO_8859_1);
        end(session.start(RemoteCommand.of(latin1), sink, LIMIT, new Cancellation()));
        assertThat(sink.outBytes()).isEqualTo(new byte[] {(byte) 0xfc});
    }

    @Test
    void longestCommand() throws Exception {
        String longest = ":".repeat(RemoteCommand.MAX_BYTES - " #".length()) + " #";
        assertThat(run(session, "true #" + longest.substring(6), sink)).isEqualTo(new Exited(0));
        assertThatThrownBy(() -> start(session, longest + "!", sink)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void inputIsEmptyAsWithSshN() throws Exception {
        assertThat(run(session, "cat; echo end", sink)).isEqualTo(new Exited(0));
        assertThat(sink.out()).isEqualTo("end\n");
    }

    /** Larger than the channel's window (RFC 4254 section 5.2) by far, and than a socket's buffers. */
    @Test
    void fiftyMegabytesArriveWhole() throws Exception {
        String data = "dd if=/dev/zero bs=65536 count=800 2>/dev/null | tr '\\0' 'x'";
        run(session, data + " | sha256sum", sink);
        DigestSink digest = new DigestSink();
        assertThat(run(session, data, digest)).isEqualTo(new Exited(0));
        assertThat(digest.bytes.get()).isEqualTo(65_536L * 800);
        assertThat(sink.out()).startsWith(HexFormat.of().formatHex(digest.digest.digest()));
    }

    @Test
    void muchOnStderr() throws Exception {
        assertThat(run(session, "seq 500000 >&2; exit 4", sink)).isEqualTo(new Exited(4));
        assertThat(sink.err()).startsWith("1\n2\n").endsWith("\n500000\n").hasSize(3_388_895);
    }

    @Test
    void tenCommandsAtOnce() throws Exception {
        List<CollectingSink> sinks = new ArrayList<>();
        List<RemoteProcess> processes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sinks.add(new CollectingSink());
            processes.add(start(session, "seq 10000; echo number " + i + "; exit " + i, sinks.get(i)));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(end(processes.get(i))).isEqualTo(new Exited(i));
            assertThat(sinks.get(i).out()).endsWith("10000\nnumber " + i + "\n");
        }
    }

    @Test
    void allOnOneConnection() {
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void interruptedCallerIsServedAndStaysInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        RemoteProcess process = start(session, "exit 5", sink);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(end(process)).isEqualTo(new Exited(5));
    }

    /** The wake-up from JSch's sleep is this transport's own matter. */
    @Test
    void noInterruptIsLeftBehind() throws Exception {
        for (int i = 0; i < 100; i++) {
            RemoteProcess process = start(session, "true", sink);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(end(process)).isEqualTo(new Exited(0));
        }
    }

    @Test
    void facts() {
        assertThat(session.facts().serverVersion()).startsWith("SSH-2.0-OpenSSH_");
        assertThat(session.facts().hostProof()).isEqualTo(new HostProof.Key(server.hostKey()));
        assertThat(session.facts().cipher()).endsWith("-gcm@openssh.com");
        assertThat(session.facts().keyExchange()).isNotEmpty();
    }

    private static final class DigestSink implements OutputSink {
        private final MessageDigest digest;
        private final AtomicLong bytes = new AtomicLong();

        DigestSink() throws Exception {
            digest = MessageDigest.getInstance("SHA-256");
        }

        @Override
        public void stdout(byte[] buffer, int offset, int length) {
            digest.update(buffer, offset, length);
            bytes.addAndGet(length);
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            throw new AssertionError("unexpected stderr");
        }
    }
}
