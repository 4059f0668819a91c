package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One SFTP channel on its way from nothing to the server's greeting, which may be broken off. Thread-safe. */
final class SftpStart {

    /** Writes and reads of one file that wait for an answer at once; as many as OpenSSH's sftp has (sftp(1), -R). */
    private static final int REQUESTS_IN_FLIGHT = 64;

    /** How long JSch may take to notice an interrupt, before the channel is closed under it. */
    private static final Duration LEAVE_GRACE = Duration.ofMillis(700);

    private final ChannelSftp channel;

    private final Object lock = new Object();

    /** The thread within {@link #connect}. Guarded by {@link #lock}. */
    private Thread connecting;

    /** Whether {@link #connect} is not to go on. Guarded by {@link #lock}. */
    private boolean woken;

    SftpStart(ChannelSftp channel) {
        this.channel = channel;
    }

    /**
     * Opens the channel and greets the server. JSch does that in one call, of which only the greeting knows no timeout.
     *
     * @param timeout for opening the channel, and for the answer to the request for SFTP
     */
    void connect(Duration timeout) throws JSchException {
        channel.setBulkRequests(REQUESTS_IN_FLIGHT);
        boolean interrupted = Thread.interrupted();
        synchronized (lock) {
            connecting = Thread.currentThread();
            if (woken) {
                connecting.interrupt();
            }
        }
        try {
            channel.connect((int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis())));
        } finally {
            synchronized (lock) {
                connecting = null;
                if (woken) {
                    Thread.interrupted(); // the wake-up, if it came too late
                    lock.notifyAll();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The session has ended, and with it the channel, for whose opening JSch would wait on. */
    void sessionEnded() {
        synchronized (lock) {
            wake();
        }
    }

    /**
     * Breaks {@link #connect} off, now or as soon as it begins; does nothing afterwards. JSch takes an interrupt for a timeout,
     * except while it waits for the answer to its request, where only the end of the channel helps. That comes second: a
     * packet that JSch was just sending would come after it, for which OpenSSH ends the whole session. Blocks the calling thread
     * for {@link #LEAVE_GRACE} at most, apart from the writing of one packet.
     */
    void cancel() {
        long end = System.nanoTime() + LEAVE_GRACE.toNanos();
        synchronized (lock) {
            wake();
            try {
                for (long left = end - System.nanoTime();
                        connecting != null && left > 0;
                        left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // then there is no moment to wait
            }
            if (connecting == null) {
                return;
            }
        }
        channel.disconnect();
    }

    /** Call with the lock held. */
    private void wake() {
        woken = true;
        if (connecting != null) {
            connecting.interrupt();
        }
    }
}
