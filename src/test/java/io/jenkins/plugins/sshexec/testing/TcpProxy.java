package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy that can fall silent: between {@link #pause} and {@link #resume} nothing passes in either direction, and no
 * side is told, as when a firewall forgets a connection.
 */
public final class TcpProxy implements AutoCloseable {

    private final RawServer front;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesToServer = new AtomicLong();
    private final Object gate = new Object();

    /** Guarded by {@link #gate}. */
    private boolean paused;

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
            Thread answers = new Thread(() -> answer(server, client), "proxy answers");
            answers.setDaemon(true);
            answers.start();
            pump(client, server, bytesToServer);
            answers.join();
        }
    }

    private void answer(Socket server, Socket client) {
        try {
            pump(server, client, new AtomicLong());
        } catch (IOException e) {
            // One side has gone; so does the other, below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to, AtomicLong count) throws IOException, InterruptedException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                count.addAndGet(length);
                synchronized (gate) {
                    while (paused) {
                        gate.wait();
                    }
                }
                out.write(buffer, 0, length);
            }
        }
    }
}
