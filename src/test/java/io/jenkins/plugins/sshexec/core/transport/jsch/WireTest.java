package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.time.Deadline;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WireTest {

    private static final Duration OFTEN = Duration.ofMillis(20);

    private final ManualClock clock = new ManualClock();
    private final Deadline handshake = Deadline.in(Duration.ofSeconds(5), clock);
    private final Semaphore keepalives = new Semaphore(0);

    /** JSch's own keepalive would lose the first half of the packet, and call what follows corrupt. */
    @Test
    void silenceWithinAPacketLosesNothing() throws Exception {
        try (RawServer server = RawServer.start(socket -> {
            socket.getOutputStream().write(new byte[] {1, 2});
            keepalives.acquire();
            socket.getOutputStream().write(new byte[] {3, 4});
            RawServer.readToEnd(socket);
        })) {
            Wire wire = wire(server);
            wire.established(OFTEN, keepalives::release);
            InputStream in = wire.getInputStream(null);
            assertThat(in.readNBytes(4)).containsExactly(1, 2, 3, 4);
            wire.close("test over");
        }
    }

    @Test
    void answersResetTheCountOfUnansweredKeepalives() throws Exception {
        int rounds = Wire.MAX_UNANSWERED * 3;
        try (RawServer server = RawServer.start(socket -> {
            for (int i = 0; i < rounds; i++) {
                keepalives.acquire();
                socket.getOutputStream().write(i);
            }
            RawServer.readToEnd(socket);
        })) {
            Wire wire = wire(server);
            wire.established(OFTEN, keepalives::release);
            assertThat(wire.getInputStream(null).readNBytes(rounds)).hasSize(rounds);
            assertThat(wire.lost()).isEmpty();
            wire.close("test over");
        }
    }

    @Test
    void silentServerIsGivenUp() throws Exception {
        try (RawServer server = RawServer.start(RawServer::readToEnd)) {
            Wire wire = wire(server);
            AtomicInteger sent = new AtomicInteger();
            wire.established(OFTEN, sent::incrementAndGet);
            assertThatThrownBy(() -> wire.getInputStream(null).read()).isInstanceOf(IOException.class);
            assertThat(sent).hasValue(Wire.MAX_UNANSWERED);
            assertThat(wire.lost()).hasValue("no answer to 3 keepalives in 0 seconds");
        }
    }

    /** The writer holds the lock that a keepalive needs, so the reader must neither send nor wait for it. */
    @Test
    void serverThatStopsReadingIsGivenUpAndTheWriterWakes() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (RawServer server = RawServer.start(socket -> done.await())) {
            Wire wire = wire(server);
            Object jschLock = new Object();
            wire.established(Duration.ofMillis(200), () -> {
                synchronized (jschLock) {
                    wire.getOutputStream(null).write(1);
                }
            });
            Thread writer = new Thread(() -> writeUntilItFails(wire, jschLock));
            writer.setDaemon(true);
            writer.start();
            assertThatThrownBy(() -> wire.getInputStream(null).read()).isInstanceOf(IOException.class);
            writer.join();
            assertThat(wire.lost().orElseThrow()).startsWith("no answer to 3 keepalives");
        } finally {
            done.countDown();
        }
    }

    @Test
    void handshakeEndsAtItsDeadlineThoughBytesCome() throws Exception {
        try (RawServer server = RawServer.start(socket -> {
            socket.getOutputStream().write(new byte[100]);
            RawServer.readToEnd(socket);
        })) {
            Wire wire = wire(server);
            InputStream in = wire.getInputStream(null);
            assertThat(in.read()).isZero();
            clock.advance(Duration.ofSeconds(5));
            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
            wire.close("test over");
        }
    }

    @Test
    void packetsCountForTheThreadThatSendsThem() throws Exception {
        try (RawServer server = RawServer.start(RawServer::readToEnd)) {
            Wire wire = wire(server);
            try (Wire.PacketCount mine = wire.countPackets(() -> {})) {
                wire.getOutputStream(null).write(new byte[3], 0, 3);
                Thread other = new Thread(() -> writeOnce(wire));
                other.start();
                other.join();
                assertThat(mine.get()).isEqualTo(1);

                wire.close("test over");
                assertThatThrownBy(() -> wire.getOutputStream(null).write(new byte[3], 0, 3))
                        .isInstanceOf(IOException.class);
                assertThat(mine.get()).as("what a closed socket was given").isEqualTo(1);
            }
        }
    }

    @Test
    void firstReasonOfTheEndStays() throws Exception {
        try (RawServer server = RawServer.start(RawServer::readToEnd)) {
            Wire wire = wire(server);
            wire.close("first");
            wire.close("second");
            assertThat(wire.lost()).hasValue("first");
            assertThat(wire.nextSign()).isCompletedWithValue(false);
        }
    }

    private Wire wire(RawServer server) throws IOException {
        return new Wire(new Socket(server.endpoint().host(), server.endpoint().port()), handshake);
    }

    private static void writeUntilItFails(Wire wire, Object lock) {
        try {
            while (true) {
                synchronized (lock) {
                    wire.getOutputStream(null).write(new byte[65_536], 0, 65_536);
                }
            }
        } catch (IOException e) {
            // the expected end: the wire was closed
        }
    }

    private static void writeOnce(Wire wire) {
        try {
            wire.getOutputStream(null).write(new byte[3], 0, 3);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
