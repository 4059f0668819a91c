package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.UnfitCharacters;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.Fuzz;
import io.jenkins.plugins.sshexec.testing.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers that answer garbage at each stage: greeting, key exchange, login, and on an open session. The command ends, well or
 * with a failure of ours, in words fit for a log; no thread and no connection is left.
 */
@Timeout(600)
class HostileServerFuzzTest {

    /** How long the man in the middle waits for more, once he has broken something. */
    private static final int PATIENCE_MILLIS = 500;

    /** What MINA says of the garbage that it is made to send. Kept in a field, since loggers that nobody holds are forgotten. */
    private static final Logger MINA = Logger.getLogger("org.apache.sshd");

    private final TransportFixture fixture = new TransportFixture();
    private EmbeddedSshServer server;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedSshServer.start();
        MINA.setLevel(Level.OFF);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        await().until(() -> server.openConnections() == 0);
        await().untilAsserted(() -> assertThat(fixture.threads()).noneMatch(Thread::isAlive));
        server.close();
        MINA.setLevel(Level.WARNING);
    }

    @Test
    void greetings() throws Exception {
        AtomicReference<byte[]> greeting = new AtomicReference<>();
        List<byte[]> examples = List.of(
                ascii("SSH-2.0-OpenSSH_9.2p1 Debian\r\n"),
                ascii("Welcome\r\nto the machine\r\nSSH-2.0-x\r\n"),
                ascii("SSH-1.5-old\n"),
                ascii("HTTP/1.1 400 Bad Request\r\n\r\n<html>"),
                ascii("SSH-2.0-" + "x".repeat(70_000) + "\r\n"),
                ascii("line\r\n".repeat(20_000)));
        try (RawServer raw = RawServer.start(socket -> {
            socket.getOutputStream().write(greeting.get());
            socket.shutdownOutput();
            RawServer.readToEnd(socket);
        })) {
            Fuzz.bytes(120, examples, bytes -> {
                greeting.set(bytes);
                assertThat(failureOf(raw.endpoint())).isNotNull();
            });
        }
    }

    /** One change somewhere in the first 6000 bytes that the server sends. */
    @Test
    void handshakes() throws Exception {
        AtomicReference<byte[]> noise = new AtomicReference<>();
        AtomicInteger failures = new AtomicInteger();
        try (RawServer middle = RawServer.start(socket -> relay(socket, noise.get()))) {
            List<byte[]> examples = IntStream.range(0, 40)
                    .mapToObj(i ->
                            ByteBuffer.allocate(8).putShort((short) (i * 80)).array())
                    .toList();
            Fuzz.bytes(80, examples, bytes -> {
                noise.set(bytes);
                failures.addAndGet(failureOf(middle.endpoint()) == null ? 0 : 1);
            });
        }
        assertThat(failures).hasValueGreaterThan(20);
    }

    /** Between the exec request and its end: packets that only a server can send, and that make no sense. */
    @Test
    void openSessions() {
        List<byte[]> examples = List.of(
                packet(1, 0, 11, 0, 0, 0, 3, 'b', 'y', 'e', 0, 0, 0, 0), // disconnect
                packet(4, 1, 0, 0, 0, 1, 'x', 0, 0, 0, 0), // debug
                packet(20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), // key exchange begins
                packet(21), // new keys
                packet(51, 0, 0, 0, 0, 0), // login failed
                packet(80, 0, 0, 0, 1, 'x', 1), // global request
                packet(81), // its answer
                packet(
                        90, 0, 0, 0, 7, 's', 'e', 's', 's', 'i', 'o', 'n', 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1,
                        0), // opens one
                packet(91, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9), // opened
                packet(92, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1, '\n', 0, 0, 0, 0), // not opened
                packet(93, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff), // window
                packet(94, 0, 0, 0, 0, 0, 0, 0, 2, 'h', 'i'), // data
                packet(95, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2, 'h', 'i'), // data of an unknown kind
                packet(97, 0, 0, 0, 0), // closed
                packet(
                        98, 0, 0, 0, 0, 0, 0, 0, 11, 'e', 'x', 'i', 't', '-', 's', 't', 'a', 't', 'u', 's', 0,
                        1), // torn
                packet(
                        98, 0, 0, 0, 0, 0, 0, 0, 11, 'e', 'x', 'i', 't', '-', 's', 'i', 'g', 'n', 'a', 'l', 0, 0, 0, 0,
                        9),
                packet(99, 0, 0, 0, 0), // success of nothing
                packet(100, 0, 0, 0, 0), // failure of nothing
                packet(250, 1, 2, 3));
        Fuzz.bytes(10 * examples.size(), examples, bytes -> {
            if (bytes.length > 0) {
                server.runs(call -> {
                    byte[] payload = new byte[bytes.length - 1];
                    System.arraycopy(bytes, 1, payload, 0, payload.length);
                    aim(payload, (int) call.recipient());
                    call.packet(bytes[0], payload).stdout("after\n").exit(0);
                });
                failureOf(server.endpoint());
            }
        });
    }

    /** Where the packet names a channel, mostly the one of the command. */
    private static void aim(byte[] payload, int channel) {
        if (payload.length >= Integer.BYTES && payload[3] == 0) {
            ByteBuffer.wrap(payload).putInt(channel);
        }
    }

    /** Connects and runs a command. Null where nothing failed. */
    private SshException failureOf(Endpoint endpoint) throws Exception {
        try (SshSession session = fixture.connect(endpoint, EmbeddedSshServer.login())) {
            CollectingSink sink = new CollectingSink();
            RemoteExit exit = TransportFixture.start(session, "echo hello", sink)
                    .exit()
                    .get(TransportFixture.LIMIT.toSeconds() * 2, TimeUnit.SECONDS);
            assertThat(exit).isNotNull();
            return null;
        } catch (SshException e) {
            return fit(e);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(SshException.class);
            return fit((SshException) e.getCause());
        }
    }

    private static SshException fit(SshException failure) {
        assertThat(UnfitCharacters.replace(failure.getMessage(), '?')).isEqualTo(failure.getMessage());
        assertThat(failure.getMessage()).hasSizeLessThan(1_000);
        return failure;
    }

    /** Takes the place of the change from the first two bytes of the noise, and what to write there from the others. */
    private void relay(Socket client, byte[] noise) throws IOException, InterruptedException {
        int at = noise.length < 2 ? 0 : (ByteBuffer.wrap(noise).getShort() & 0xffff) % 6_000;
        try (Socket target =
                new Socket(server.endpoint().host(), server.endpoint().port())) {
            Thread requests = new Thread(() -> copy(client, target), "relay");
            requests.setDaemon(true);
            requests.start();
            target.setSoTimeout(20 * PATIENCE_MILLIS);
            InputStream in = target.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[16_384];
            int passed = 0;
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (passed <= at && at < passed + length) {
                    System.arraycopy(noise, 0, buffer, at - passed, Math.min(noise.length, length - (at - passed)));
                    target.setSoTimeout(PATIENCE_MILLIS);
                }
                passed += length;
                out.write(buffer, 0, length);
                out.flush();
            }
        } catch (SocketTimeoutException e) {
            // Both wait for each other: the client for the rest of a packet that is none.
        } finally {
            client.close();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has gone; so does the other.
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] packet(int... bytes) {
        byte[] packet = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        return packet;
    }
}
