package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Listens on a free loopback port and treats each connection as it is told; for peers that do not speak SSH properly. */
public final class RawServer implements AutoCloseable {

    /** What is done with a connection; runs on a thread of its own, which ends when the server is closed. */
    @FunctionalInterface
    public interface Peer {
        void serve(Socket socket) throws IOException, InterruptedException;
    }

    private static final Logger LOGGER = Logger.getLogger(RawServer.class.getName());

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private RawServer(ServerSocket listener) {
        this.listener = listener;
    }

    public static RawServer start(Peer peer) throws IOException {
        RawServer server = new RawServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        server.startThread(() -> server.accept(peer));
        return server;
    }

    /** A port on which nobody listens: the one that a listener has just given back. */
    public static Endpoint closedPort() throws IOException {
        try (RawServer server = start(socket -> {})) {
            return server.endpoint();
        }
    }

    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", listener.getLocalPort());
    }

    /** Waits until the other side has closed a connection, reading what it sends until then. */
    public static void readToEnd(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** Accepts no further connection; those that are open stay. */
    void refuse() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.forEach(Thread::interrupt);
    }

    private void accept(Peer peer) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                startThread(() -> serve(peer, socket));
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "The listener is closed", e);
            }
        }
    }

    private static void serve(Peer peer, Socket socket) {
        try (socket) {
            peer.serve(socket);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "A connection ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startThread(Runnable task) {
        Thread thread = new Thread(task, "raw server");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }
}
