package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy with the faults of a network. It can fall silent: between {@link #pause} and {@link #resume} nothing passes in
 * either direction, and no side is told, as when a firewall forgets a connection. It can cut connections, at once or after
 * the n-th byte, and refuse new ones. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

    /** In which bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private static final int QUIET_MILLIS = 300;

    private final RawServer front;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();

    /** Bytes that have come so far. Guarded by {@link #gate}. */
    private final Map<Direction, Long> bytes = new EnumMap<>(Direction.class);

    /** Guarded by {@link #gate}. */
    private boolean paused;

    /** Connections up to this one are forgotten. Guarded by {@link #gate}. */
    private long forgotten;

    /** Guarded by {@link #gate}. */
    private long connections;

    /** Guarded by {@link #gate}. */
    private long packetsToServer;

    /** The direction in which the next cut comes; null for none. Guarded by {@link #gate}. */
    private Direction cutting;

    /** Bytes that pass in that direction before the cut. Guarded by {@link #gate}. */
    private long left;

    /** The direction in which the next pause comes; null for none. Guarded by {@link #gate}. */
    private Direction pausing;

    /** Bytes that pass in that direction before the pause. Guarded by {@link #gate}. */
    private long leftToPause;

    private TcpProxy(Endpoint target) throws IOException {
        for (Direction direction : Direction.values()) {
            bytes.put(direction, 0L);
        }
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
            forgotten = connections;
        }
    }

    /**
     * How often something has come from clients so far: one for each SSH packet, as long as the client waits for an answer to
     * each.
     */
    public long packetsToServer() {
        synchronized (gate) {
            return packetsToServer;
        }
    }

    /** Cuts the connection that carries the byte after the next {@code count} ones in this direction; once. */
    public void cutAfter(Direction direction, long count) {
        synchronized (gate) {
            cutting = direction;
            left = count;
        }
    }

    /** Falls silent, as {@link #pause} does, with the byte after the next {@code count} ones in this direction; once. */
    public void pauseAfter(Direction direction, long count) {
        synchronized (gate) {
            pausing = direction;
            leftToPause = count;
        }
    }

    /** Whether the cut that was asked for has come. */
    public boolean hasCut() {
        synchronized (gate) {
            return cutting == null;
        }
    }

    /** Accepts no further connection; those that are open stay. */
    public void refuse() throws IOException {
        front.refuse();
    }

    /** Connections that are open now, both sides of each counted. */
    public int openSockets() {
        return sockets.size();
    }

    /** Waits until all that has come is on its way, and nothing more has come for a moment. */
    public void awaitQuiet() throws InterruptedException {
        synchronized (gate) {
            long seen = -1;
            while (seen != total()) {
                seen = total();
                gate.wait(QUIET_MILLIS);
            }
        }
    }

    /** Call with the lock held. */
    private long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Cuts all connections; new ones are taken. */
    public void cut() throws IOException {
        for (Socket socket : sockets) {
            sockets.remove(socket);
            socket.close();
        }
    }

    /** Bytes that have come from clients so far, those that a pause holds back included. */
    public long bytesToServer() {
        return bytes(Direction.TO_SERVER);
    }

    /** Bytes that have come so far, those that a pause holds back or a cut keeps included. */
    public long bytes(Direction direction) {
        synchronized (gate) {
            return bytes.get(direction);
        }
    }

    @Override
    public void close() throws IOException {
        front.close();
        cut();
        resume();
    }

    /** Waits for one more connection than there have been so far. */
    public void awaitConnection() throws InterruptedException {
        synchronized (gate) {
            long before = connections;
            while (connections == before) {
                gate.wait();
            }
        }
    }

    private long nextConnection() {
        synchronized (gate) {
            gate.notifyAll();
            return ++connections;
        }
    }

    private void serve(Socket client, Endpoint target) throws IOException, InterruptedException {
        long connection = nextConnection();
        try (Socket server = new Socket(target.host(), target.port())) {
            sockets.add(client);
            sockets.add(server);
            Thread answers = new Thread(() -> answer(connection, server, client), "proxy answers");
            answers.setDaemon(true);
            answers.start();
            pump(connection, client, server, Direction.TO_SERVER);
            answers.join();
        } finally {
            sockets.remove(client);
        }
    }

    private void answer(long connection, Socket server, Socket client) {
        try {
            pump(connection, server, client, Direction.TO_CLIENT);
        } catch (IOException e) {
            // One side has gone; so does the other, below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(server);
        }
    }

    private void pump(long connection, Socket from, Socket to, Direction direction)
            throws IOException, InterruptedException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                int passing = pass(connection, direction, length);
                out.write(buffer, 0, passing);
                if (passing < length) {
                    return;
                }
            }
        }
    }

    /** Waits while the proxy is silent. Returns how many of {@code length} bytes pass; fewer where the cut comes. */
    private int pass(long connection, Direction direction, int length) throws InterruptedException {
        synchronized (gate) {
            bytes.merge(direction, (long) length, Long::sum);
            packetsToServer += direction == Direction.TO_SERVER ? 1 : 0;
            if (direction == pausing) {
                leftToPause -= length;
                if (leftToPause < 0) {
                    paused = true;
                    pausing = null;
                }
            }
            while (paused || connection <= forgotten) {
                gate.wait();
            }
            if (direction != cutting) {
                return length;
            }
            if (left >= length) {
                left -= length;
                return length;
            }
            cutting = null;
            return (int) left;
        }
    }
}
