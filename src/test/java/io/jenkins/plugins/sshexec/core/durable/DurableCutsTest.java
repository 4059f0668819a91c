package io.jenkins.plugins.sshexec.core.durable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Every byte once and in order, however often the connection is cut in the middle of it. {@code -Dssh-exec.cuts.mebibytes=1024
 * -Dssh-exec.cuts=200} for a long run.
 */
class DurableCutsTest {

    private static final long BYTES = Long.getLong("ssh-exec.cuts.mebibytes", 16) * 1024 * 1024;
    private static final int CUTS = Integer.getInteger("ssh-exec.cuts", 8);

    @Test
    void outputIsCompleteAndInOrderOverManyCuts() throws Exception {
        try (DurableFixture fixture = new DurableFixture(OpenSshServer.start());
                TcpProxy proxy = TcpProxy.to(fixture.server.endpoint())) {
            fixture.times(new DurableTimes(
                    Duration.ofMillis(20),
                    Duration.ofMillis(200),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(20)));
            Path copy = fixture.server.directory().resolve("copy");
            String command = "head -c " + BYTES + " /dev/urandom | tee '" + copy + "'";
            CuttingSink sink = new CuttingSink(proxy);
            CompletableFuture<ExecResult> future = fixture.run(
                    fixture.request(
                            fixture.real.spec(fixture.server, proxy.endpoint()),
                            command.getBytes(UTF_8),
                            ExecLimits.NONE),
                    sink);
            assertThat(future.get(20, TimeUnit.MINUTES).exit()).isEqualTo(new Exited(0));
            assertThat(sink.bytes).isEqualTo(BYTES);
            assertThat(HexFormat.of().formatHex(sink.digest.digest())).isEqualTo(sha256(copy));
            assertThat(sink.cuts).isEqualTo(CUTS);
            assertThat(fixture.recorder.events().stream().filter("lost"::equals))
                    .hasSizeGreaterThanOrEqualTo(CUTS);
            assertThat(fixture.folders()).isEmpty();
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cuts the connections each time that another part of the output is there. Written to by one thread at a time. */
    private static final class CuttingSink implements OutputSink {
        private final TcpProxy proxy;
        private final MessageDigest digest = sha256();
        private long bytes;
        private int cuts;

        CuttingSink(TcpProxy proxy) {
            this.proxy = proxy;
        }

        @Override
        public void stdout(byte[] buffer, int offset, int length) {
            digest.update(buffer, offset, length);
            bytes += length;
            if (cuts < CUTS && bytes > BYTES / (CUTS + 1) * (cuts + 1)) {
                cuts++;
                try {
                    proxy.cut();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            throw new AssertionError("Nothing is written to stderr.");
        }
    }
}
