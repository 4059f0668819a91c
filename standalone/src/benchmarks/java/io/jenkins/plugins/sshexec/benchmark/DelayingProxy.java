package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A long line on this machine: what comes on a connection leaves half a round trip later, in both directions. The rate is not
 * limited: whatever comes is taken at once, and waits here.
 */
final class DelayingProxy implements AutoCloseable {

    private static final int BLOCK_BYTES = 1 << 16;

    /** @param bytes none for the end of the stream. @param dueNanos when they are to leave */
    private record Block(byte[] bytes, long dueNanos) {}

    private final ServerSocket listener;
    private final Endpoint target;
    private final long delayNanos;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private DelayingProxy(ServerSocket listener, Endpoint target, Duration roundTrip) {
        this.listener = listener;
        this.target = target;
        this.delayNanos = roundTrip.toNanos() / 2;
    }

    static DelayingProxy to(Endpoint target, Duration roundTrip) throws IOException {
        DelayingProxy proxy =
                new DelayingProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target, roundTrip);
        start(proxy::accept);
        return proxy;
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", listener.getLocalPort());
    }

    /** Something that ends with its socket. */
    @FunctionalInterface
    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // One side has closed its socket; the task has closed the other one.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "long line");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(target.host(), target.port());
            for (Socket socket : Arrays.asList(client, server)) {
                socket.setTcpNoDelay(true);
                sockets.add(socket);
            }
            connect(client, server);
            connect(server, client);
        }
    }

    private void connect(Socket from, Socket to) {
        BlockingQueue<Block> onTheWay = new LinkedBlockingQueue<>();
        start(() -> take(from, onTheWay));
        start(() -> pass(onTheWay, to));
    }

    private void take(Socket from, BlockingQueue<Block> onTheWay) throws IOException, InterruptedException {
        byte[] buffer = new byte[BLOCK_BYTES];
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                onTheWay.put(new Block(Arrays.copyOf(buffer, length), System.nanoTime() + delayNanos));
            }
        } finally {
            sockets.remove(from);
            onTheWay.put(new Block(new byte[0], System.nanoTime() + delayNanos));
        }
    }

    private static void pass(BlockingQueue<Block> onTheWay, Socket to) throws IOException, InterruptedException {
        try (to) {
            for (Block block = onTheWay.take(); ; block = onTheWay.take()) {
                for (long left = block.dueNanos() - System.nanoTime(); left > 0; ) {
                    LockSupport.parkNanos(left);
                    left = block.dueNanos() - System.nanoTime();
                }
                if (block.bytes().length == 0) {
                    return;
                }
                to.getOutputStream().write(block.bytes());
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
