package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.Logger;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.util.Optional;
import java.util.logging.Level;

/**
 * What JSch has to say of one session, in the controller's log at {@link Level#FINE} (its debug output at {@link
 * Level#FINER}). JSch logs neither passwords nor keys; what it quotes of the server is cleaned of line breaks.
 *
 * <p>Also remembers two things that JSch tells to its log and to nobody else: the exception with which the reader thread
 * left, and that the key exchange is done.
 */
final class JschLog implements Logger {

    private static final java.util.logging.Logger LOGGER = java.util.logging.Logger.getLogger(JschLog.class.getName());

    private final Endpoint endpoint;
    /** Logged right after JSch has accepted the host key or the host certificate. */
    private static final String KEYS_TAKEN = "SSH_MSG_NEWKEYS sent";

    private volatile Throwable lastFailure;
    private volatile boolean keysTaken;

    JschLog(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The last exception that JSch reported, if any. */
    Optional<Throwable> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** What was reported on the way here is over: from now on it is about the session. */
    void loggedIn() {
        lastFailure = null;
    }

    /** Whether the first key exchange is done, the host key being accepted. */
    boolean hasTakenKeys() {
        return keysTaken;
    }

    /** Always for what may carry an exception; JSch skips the call otherwise. */
    @Override
    public boolean isEnabled(int level) {
        return level > DEBUG || LOGGER.isLoggable(Level.FINER);
    }

    @Override
    public void log(int level, String message) {
        log(level, message, null);
    }

    @Override
    public void log(int level, String message, Throwable cause) {
        if (cause != null) {
            lastFailure = cause;
        }
        if (message.equals(KEYS_TAKEN)) {
            keysTaken = true;
        }
        Level at = level > DEBUG ? Level.FINE : Level.FINER;
        if (LOGGER.isLoggable(at)) {
            LOGGER.log(at, endpoint + ": " + JschFailures.clean(message), cause);
        }
    }
}
