package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/** Connections that a jump host makes over one session to it (RFC 4254 section 7.2). Thread-safe. */
final class Tunnels {

    private final Endpoint jumpHost;
    private final Session session;
    private final Supplier<Optional<String>> whySessionLost;
    private final CompletableFuture<Void> readerEnded;

    /** Connections whose channels are being opened. */
    private final Set<TunnelSocket> opening = ConcurrentHashMap.newKeySet();

    /**
     * @param whySessionLost says why the session ended; empty while it lives
     * @param readerEnded completed when the session has ended
     */
    Tunnels(
            Endpoint jumpHost,
            Session session,
            Supplier<Optional<String>> whySessionLost,
            CompletableFuture<Void> readerEnded) {
        this.jumpHost = jumpHost;
        this.session = session;
        this.whySessionLost = whySessionLost;
        this.readerEnded = readerEnded;
        readerEnded.thenRun(() -> opening.forEach(TunnelSocket::wake));
    }

    /**
     * Has the jump host connect to another server; blocks the calling thread for a round trip and for as long as the jump host takes.
     *
     * @param limit what the deadline was made of, for the message
     * @param threads makes the thread that closes the connection
     * @param onClose called once when the connection returned is closed
     * @throws SshException about the other server, whose detail names the jump host
     */
    TunnelSocket open(
            Endpoint target,
            Duration limit,
            Deadline deadline,
            Cancellation cancellation,
            ThreadFactory threads,
            Runnable onClose)
            throws SshException {
        ChannelDirectTCPIP channel = newChannel(target);
        TunnelSocket socket = new TunnelSocket(channel, target, threads, onClose);
        opening.add(socket);
        try (Cancellation.Registration ignored = cancellation.onCancel(socket::wake)) {
            if (readerEnded.isDone()) {
                socket.wake();
            }
            socket.open(deadline.remaining());
            if (channel.isConnected()) { // JSch swallows what is no exception of its own
                cancellation.throwIfCancelled();
                return socket;
            }
            throw notReached(target, limit, deadline, channel, null);
        } catch (JSchException e) {
            cancellation.throwIfCancelled();
            throw notReached(target, limit, deadline, channel, e);
        } finally {
            opening.remove(socket);
            if (!channel.isConnected() || cancellation.isCancelled()) {
                channel.disconnect();
            }
        }
    }

    private ChannelDirectTCPIP newChannel(Endpoint target) throws ConnectFailed {
        try {
            if (session.openChannel("direct-tcpip") instanceof ChannelDirectTCPIP channel) {
                return channel;
            }
            throw new ConnectFailed(target, Stage.TCP, throughHere("the session is being closed"), null);
        } catch (JSchException e) {
            throw new ConnectFailed(target, Stage.TCP, throughHere(JschFailures.detail(e)), e);
        }
    }

    private SshException notReached(
            Endpoint target, Duration limit, Deadline deadline, ChannelDirectTCPIP channel, Exception cause) {
        if (deadline.isExpired()) {
            return new ConnectTimeout(target, Stage.TCP, limit, cause);
        }
        String reason = channel.getExitStatus() == JschProcess.NO_STATUS
                ? whySessionLost.get().orElse("no answer")
                : JschFailures.channelRefusal(channel.getExitStatus());
        return new ConnectFailed(target, Stage.TCP, throughHere(reason), cause);
    }

    private String throughHere(String reason) {
        return "the jump host " + jumpHost + " could not reach it: " + reason;
    }
}
