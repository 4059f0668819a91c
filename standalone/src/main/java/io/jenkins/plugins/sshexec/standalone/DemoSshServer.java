package io.jenkins.plugins.sshexec.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;

/**
 * An SSH server for the demonstration: on the loopback address alone, with a host key, a user key and a password made when it
 * starts, whose commands are real processes of the user who runs it.
 */
public final class DemoSshServer implements AutoCloseable {
    /** Logs in with {@link #userKey}. */
    public static final String KEY_USER = "deploy";

    /** Logs in with {@link #password}. */
    public static final String PASSWORD_USER = "guest";

    private final SshServer server;
    private final KeyPair hostKey;
    private final KeyPair userKey;
    private final String password;
    private final ExecutorService pumps = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "demo server output");
        thread.setDaemon(true);
        return thread;
    });

    private DemoSshServer() throws GeneralSecurityException {
        this.hostKey = newKey();
        this.userKey = newKey();
        this.password = newPassword();
        this.server = SshServer.setUpDefaultServer();
        server.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals(KEY_USER) && KeyUtils.compareKeys(key, userKey.getPublic()));
        server.setPasswordAuthenticator((user, typed, session) -> user.equals(PASSWORD_USER) && isPassword(typed));
        server.setCommandFactory((channel, command) -> new DemoCommand(command, pumps));
    }

    public static DemoSshServer start() throws IOException {
        try {
            DemoSshServer demo = new DemoSshServer();
            demo.server.start();
            return demo;
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot make the keys of the demo server", e);
        }
    }

    /** As a user types it. */
    public String hostAndPort() {
        return server.getHost() + ":" + server.getPort();
    }

    /** The line for a known_hosts file. */
    public String knownHostsLine() {
        return "[" + server.getHost() + "]:" + server.getPort() + " " + PublicKeyEntry.toString(hostKey.getPublic());
    }

    /** The private key, in the form that ssh-keygen writes. */
    public String userKey() {
        try {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(userKey, "demo", null, text);
            return text.toString(UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String password() {
        return password;
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
        pumps.shutdown();
    }

    private boolean isPassword(String typed) {
        return MessageDigest.isEqual(typed.getBytes(UTF_8), password.getBytes(UTF_8));
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String newPassword() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
