package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;

/** Apache MINA SSHD's client, used well: with TCP_NODELAY, which it does not set by itself, and sessions that stay open. */
final class MinaProgram implements ResidentProgram.Library {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target.Words target;
    private final SshClient client = SshClient.setUpDefaultClient();
    private final KeyPair key;
    private final Map<String, ClientSession> sessions = new ConcurrentHashMap<>();

    private MinaProgram(Target.Words target) throws IOException {
        this.target = target;
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        client.setServerKeyVerifier(
                new KnownHostsServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE, Path.of(target.knownHosts())));
        key = new FileKeyPairProvider(Path.of(target.identity()))
                .loadKeys(null)
                .iterator()
                .next();
        client.start();
    }

    /** Arguments: {@link Target#words}. */
    public static void main(String... arguments) throws IOException {
        Target.Words target = Target.Words.of(arguments);
        MinaProgram program = new MinaProgram(target);
        ResidentProgram.serve(program, target.host());
        program.client.stop();
    }

    @Override
    public void exec(String host, String command, OutputStream output) throws Exception {
        ClientSession session;
        synchronized (this) {
            session = sessions.get(host);
            if (session == null) {
                session = open(host);
                sessions.put(host, session);
            }
        }
        run(session, command, output);
    }

    @Override
    public void connect(String host, String command) throws Exception {
        try (ClientSession session = open(host)) {
            run(session, command, OutputStream.nullOutputStream());
        }
    }

    private ClientSession open(String host) throws IOException {
        ClientSession session =
                client.connect(target.user(), host, target.port()).verify(LIMIT).getSession();
        session.addPublicKeyIdentity(key);
        session.auth().verify(LIMIT);
        return session;
    }

    private static void run(ClientSession session, String command, OutputStream output) throws IOException {
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setOut(output);
            channel.open().verify(LIMIT);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 0L);
            if (channel.getExitStatus() == null || channel.getExitStatus() != 0) {
                throw new IOException("The command ended with " + channel.getExitStatus());
            }
        }
    }
}
