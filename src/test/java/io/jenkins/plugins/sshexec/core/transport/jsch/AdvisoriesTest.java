package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RawServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.DataInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What other SSH plugins have had security advisories for, tried here; each test has the number of its advisory. Those that
 * need Jenkins are in {@code AdvisoriesJenkinsTest}.
 */
class AdvisoriesTest {

    private final TransportFixture fixture = new TransportFixture();

    @TempDir
    private Path directory;

    private EmbeddedSshServer attacker;

    @BeforeEach
    void start() throws Exception {
        attacker = EmbeddedSshServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        attacker.close();
    }

    /** ssh-slaves: whoever sat in the middle got the login, because no host key was checked. */
    @Test
    void security161NobodyInTheMiddleGetsTheLogin() throws Exception {
        assertRefused(HostKeyVerdict.Cause.UNKNOWN, "");
    }

    /** git-client: the same, and a changed key passed too. */
    @Test
    void security1468AChangedKeyGetsNoLogin() throws Exception {
        HostKey known = TestKey.generate(TestKey.Type.ECDSA).toHostKey();
        assertRefused(
                HostKeyVerdict.Cause.CHANGED,
                attacker.endpoint().knownHostsName() + " " + known.type() + " "
                        + Base64.getEncoder().encodeToString(known.blob()) + "\n");
    }

    private void assertRefused(HostKeyVerdict.Cause cause, String knownHosts) throws Exception {
        Path file = Files.writeString(directory.resolve("known_hosts"), knownHosts);
        KnownHostsFileVerification byDefault = new KnownHostsFileVerification();
        byDefault.setFile(file.toString());
        HostKeyPolicy policy = byDefault.policy("job");
        assertThatThrownBy(() -> fixture.connect(attacker.endpoint(), EmbeddedSshServer.login(), policy))
                .isInstanceOfSatisfying(
                        HostKeyRefused.class,
                        refused -> assertThat(refused.verdict().cause()).isEqualTo(cause));
        assertThat(attacker.passwordAttempts()).isZero();
    }

    /** ssh-credentials: a "key on the controller" could name any file, whose content then was used or shown. */
    @Test
    void security440APathIsNoKey() throws Exception {
        Path file = Files.writeString(
                directory.resolve("key"), TestKey.generate(TestKey.Type.ED25519).privateText());
        for (String text : List.of(file.toString(), "file:" + file, "/etc/passwd", "~/.ssh/id_rsa")) {
            PrivateKey key = new PrivateKey(SecretBytes.of(text), SecretBytes.of(""));
            assertThatThrownBy(() -> fixture.connect(attacker.endpoint(), new KeyLogin("me", List.of(key))))
                    .isInstanceOfSatisfying(UnusableKey.class, unusable -> assertThat(unusable.detail())
                            .isEqualTo("the key is no private key in OpenSSH, PEM or PKCS#8 format"));
        }
        assertThat(attacker.connections()).isZero();
    }

    /** ssh-agent: the passphrase stood in the environment of a process. */
    @Test
    void security704ThePassphraseIsInNoEnvironmentAndOnNoCommandLine() throws Exception {
        TestKey key = TestKey.generate(TestKey.Type.ED25519, TestKey.Format.OPENSSH, "pass-phrase-of-704");
        try (OpenSshServer server = OpenSshServer.start()) {
            server.authorize(key);
            CollectingSink sink = new CollectingSink();
            try (SshSession session = fixture.connect(server.endpoint(), OpenSshServer.loginWith(key))) {
                TransportFixture.run(session, "env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>&1", sink);
            }
            assertThat(sink.out()).contains("PATH=").doesNotContain("pass-phrase-of-704");
        }
    }

    /** trilead-api: without strict key exchange packets could be left out at the beginning ("Terrapin", CVE-2023-48795). */
    @Test
    void security3333StrictKeyExchangeIsOffered() throws Exception {
        CompletableFuture<String> offer = new CompletableFuture<>();
        try (RawServer server = RawServer.start(socket -> {
            socket.getOutputStream().write("SSH-2.0-test\r\n".getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int b = in.read(); b != '\n'; b = in.read()) {
                assertThat(b).as("the client's greeting").isNotNegative();
            }
            offer.complete(new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1));
        })) {
            assertThatThrownBy(() -> fixture.connect(server.endpoint(), EmbeddedSshServer.login()))
                    .isInstanceOf(SshException.class);
            assertThat(offer.get(TransportFixture.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .contains("kex-strict-c-v00@openssh.com");
        }
    }
}
