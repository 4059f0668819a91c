package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.Logger;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.util.Optional;
import java.util.logging.Level;

/**
 * What JSch has to say of one session, in the controller's log at {@link Level#FINE} (its debug output at {@link
 * Level#FINER}). JSch logs neither passwords nor keys; what it quotes of the server is cleaned of line breaks.
 *
 * <p>Also remembers the exception with which the reader thread left: JSch tells it to its log and to nobody else.
 */
final class JschLog implements Logger {

    private static final java.util.logging.Logger LOGGER = java.util.logging.Logger.getLogger(JschLog.class.getName());

    private final Endpoint endpoint;
    private volatile Throwable lastFailure;

    JschLog(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The last exception that JSch reported, if any. */
    Optional<Throwable> lastFailure() {
        return Optional.ofNullable(lastFailure);
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
        Level at = level > DEBUG ? Level.FINE : Level.FINER;
        if (LOGGER.isLoggable(at)) {
            LOGGER.log(at, endpoint + ": " + JschFailures.clean(message), cause);
        }
    }
}
