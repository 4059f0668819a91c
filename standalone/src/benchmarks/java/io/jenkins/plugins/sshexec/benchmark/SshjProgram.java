package io.jenkins.plugins.sshexec.benchmark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.Session;

/** sshj, used well: with TCP_NODELAY, which it does not set by itself, and a connection for each host that stays open. */
final class SshjProgram implements ResidentProgram.Library {

    private final Target.Words target;
    private final Map<String, SSHClient> clients = new ConcurrentHashMap<>();

    private SshjProgram(Target.Words target) {
        this.target = target;
    }

    /** Arguments: {@link Target#words}. */
    public static void main(String... arguments) throws IOException {
        Target.Words target = Target.Words.of(arguments);
        ResidentProgram.serve(new SshjProgram(target), target.host());
    }

    @Override
    public void exec(String host, String command, OutputStream output) throws Exception {
        SSHClient client;
        synchronized (this) {
            client = clients.get(host);
            if (client == null) {
                client = open(host);
                clients.put(host, client);
            }
        }
        run(client, command, output);
    }

    @Override
    public void connect(String host, String command) throws Exception {
        try (SSHClient client = open(host)) {
            run(client, command, OutputStream.nullOutputStream());
        }
    }

    private SSHClient open(String host) throws IOException {
        SSHClient client = new SSHClient();
        client.setSocketFactory(new NoDelaySockets());
        client.loadKnownHosts(new File(target.knownHosts()));
        client.connect(host, target.port());
        client.authPublickey(target.user(), client.loadKeys(target.identity()));
        return client;
    }

    private static void run(SSHClient client, String command, OutputStream output) throws IOException {
        try (Session session = client.startSession();
                Session.Command running = session.exec(command)) {
            running.getInputStream().transferTo(output);
            running.join();
            if (running.getExitStatus() == null || running.getExitStatus() != 0) {
                throw new IOException("The command ended with " + running.getExitStatus());
            }
        }
    }

    private static final class NoDelaySockets extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
