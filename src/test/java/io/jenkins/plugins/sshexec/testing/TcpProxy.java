package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * A TCP proxy that can fall silent: between {@link #pause} and {@link #resume} nothing passes in either direction, and no
 * side is told, as when a firewall forgets a connection.
 */
public final class TcpProxy implements AutoCloseable {

    private final RawServer front;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesToServer = new AtomicLong();
    private final AtomicLong packetsToServer = new AtomicLong();
    private final Object gate = new Object();

    /** Guarded by {@link #gate}. */
    private boolean paused;

    /** Connections up to this one are forgotten. Guarded by {@link #gate}. */
    private long forgotten;

    private final AtomicLong connections = new AtomicLong();

    private TcpProxy(Endpoint target) throws IOException {
        front = RawServer.start(client -> serve(client, target));
    }

    public static TcpProxy to(Endpoint target) throws IOException {
        return new TcpProxy(target);
    }

    public Endpoint endpoint() {
        return front.endpoint();
    }

    public void pause() {
        synchronized (gate) {
            paused = true;
        }
    }

    public void resume() {
        synchronized (gate) {
            paused = false;
            gate.notifyAll();
        }
    }

    /** From now on nothing passes on the connections that there are, and no side is told; new ones work. */
    public void forgetConnections() {
        synchronized (gate) {
            forgotten = connections.get();
        }
    }

    /**
     * How often something has come from clients so far: one for each SSH packet, as long as the client waits for an answer to
     * each.
     */
    public long packetsToServer() {
        return packetsToServer.get();
    }

    /** Bytes that have come from clients so far, those that a pause holds back included. */
    public long bytesToServer() {
        return bytesToServer.get();
    }

    @Override
    public void close() throws IOException {
        front.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        resume();
    }

    private void serve(Socket client, Endpoint target) throws IOException, InterruptedException {
        try (Socket server = new Socket(target.host(), target.port())) {
            sockets.add(client);
            sockets.add(server);
            long connection = connections.incrementAndGet();
            Thread answers = new Thread(() -> answer(connection, server, client), "proxy answers");
            answers.setDaemon(true);
            answers.start();
            pump(connection, client, server, length -> {
                bytesToServer.addAndGet(length);
                packetsToServer.incrementAndGet();
            });
            answers.join();
        }
    }

    private void answer(long connection, Socket server, Socket client) {
        try {
            pump(connection, server, client, length -> {});
        } catch (IOException e) {
            // One side has gone; so does the other, below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(long connection, Socket from, Socket to, IntConsumer count)
            throws IOException, InterruptedException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                count.accept(length);
                synchronized (gate) {
                    while (paused || connection <= forgotten) {
                        gate.wait();
                    }
                }
                out.write(buffer, 0, length);
            }
        }
    }
}
