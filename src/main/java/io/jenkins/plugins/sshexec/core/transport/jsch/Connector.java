package io.jenkins.plugins.sshexec.core.transport.jsch;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * From a host name to a connected socket: name look-up and TCP, each a stage of its own, under one deadline. Done before
 * JSch comes in, which would try one address only, report both stages alike, and could be stopped in neither.
 */
final class Connector {

    /** How host names become addresses; replaced in tests. */
    @FunctionalInterface
    interface NameLookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final NameLookup names;
    private final ThreadFactory threads;

    /** @param threads makes a daemon thread for each look-up */
    Connector(NameLookup names, ThreadFactory threads) {
        this.names = names;
        this.threads = threads;
    }

    /**
     * Connects to the first address that answers; blocks the calling thread meanwhile.
     *
     * @param limit what the deadline was made of, for the message
     * @throws CancellationException if cancelled, or if the calling thread was interrupted during the look-up
     */
    Socket connect(Endpoint endpoint, Duration limit, Deadline deadline, Cancellation cancellation)
            throws SshException {
        InetAddress[] addresses = lookUp(endpoint, limit, deadline, cancellation);
        StringJoiner failures = new StringJoiner("; ");
        IOException last = null;
        for (int i = 0; i < addresses.length; i++) {
            // An equal share of what is left, so that one address that swallows packets leaves time for the others.
            int shareMillis = Math.max(1, deadline.remainingMillis() / (addresses.length - i));
            try {
                return connect(new InetSocketAddress(addresses[i], endpoint.port()), shareMillis, cancellation);
            } catch (IOException e) {
                cancellation.throwIfCancelled();
                failures.add(
                        addresses.length == 1 ? e.getMessage() : addresses[i].getHostAddress() + ": " + e.getMessage());
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        if (last instanceof SocketTimeoutException) {
            throw new ConnectTimeout(endpoint, Stage.TCP, limit, last);
        }
        throw new ConnectFailed(endpoint, Stage.TCP, failures.toString(), last);
    }

    private static Socket connect(InetSocketAddress address, int timeoutMillis, Cancellation cancellation)
            throws IOException {
        Socket socket = new Socket();
        Cancellation.Registration registration = cancellation.onCancel(() -> Wire.closeQuietly(socket));
        try {
            // Commands are small packets that each wait for an answer: Nagle's algorithm would add 40 ms to many.
            socket.setTcpNoDelay(true);
            socket.connect(address, timeoutMillis);
            return socket;
        } catch (IOException e) {
            Wire.closeQuietly(socket);
            throw e;
        } finally {
            registration.close();
        }
    }

    /**
     * Looks the name up on a thread of its own, because the resolver knows neither deadline nor cancellation. Where it is
     * not waited for, that thread lives on until the resolver gives up.
     */
    private InetAddress[] lookUp(Endpoint endpoint, Duration limit, Deadline deadline, Cancellation cancellation)
            throws SshException {
        FutureTask<InetAddress[]> lookUp = new FutureTask<>(() -> names.addresses(endpoint.host()));
        Thread thread = threads.newThread(lookUp);
        thread.setName("ssh-exec name look-up of " + endpoint.host());
        thread.start();
        Cancellation.Registration registration = cancellation.onCancel(() -> lookUp.cancel(false));
        try {
            return lookUp.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ConnectTimeout(endpoint, Stage.NAME_LOOKUP, limit, e);
        } catch (ExecutionException e) {
            String detail = e.getCause() instanceof UnknownHostException
                    ? "unknown host name (" + e.getCause().getMessage() + ")"
                    : String.valueOf(e.getCause());
            throw new ConnectFailed(endpoint, Stage.NAME_LOOKUP, detail, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        } finally {
            registration.close();
        }
    }
}
