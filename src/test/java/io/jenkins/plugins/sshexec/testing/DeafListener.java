package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A loopback port on which a TCP connect hangs: nobody takes connections from its listener, and the queue for those that wait
 * (listen(2)) is full, so that Linux answers no further one.
 */
public final class DeafListener implements AutoCloseable {

    /** The system itself answers on loopback, however busy the machine: what takes longer is not answered. */
    private static final int UNANSWERED_MILLIS = 200;

    private static final int MOST_WAITING = 64;

    private final ServerSocket listener;
    private final List<Socket> waiting = new ArrayList<>();

    private DeafListener(ServerSocket listener) {
        this.listener = listener;
    }

    public static DeafListener start() throws IOException {
        DeafListener deaf = new DeafListener(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        try {
            deaf.fill();
            return deaf;
        } catch (IOException | RuntimeException e) {
            deaf.close();
            throw e;
        }
    }

    private void fill() throws IOException {
        while (waiting.size() < MOST_WAITING) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(listener.getLocalSocketAddress(), UNANSWERED_MILLIS);
            } catch (SocketTimeoutException e) {
                return; // which is what was wanted
            }
        }
        throw new IllegalStateException("This system takes any number of connections for a listener that accepts none");
    }

    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        listener.close();
    }
}
