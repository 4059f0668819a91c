package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.util.Objects;

/**
 * A command could not be run, or its end not be learnt. The type says what kind of failure it is, {@link #stage} how far
 * the command had come. The message is technical English without secrets, for the controller's log; what a user reads is
 * made from the type and its fields.
 */
public abstract sealed class SshException extends IOException
        permits ChannelRefused,
                CommandTimeout,
                ConnectFailed,
                ConnectTimeout,
                DurableLost,
                DurableRefused,
                ExecRefused,
                HostCertificateRefused,
                HostKeyRefused,
                HostUnavailable,
                InputUnreadable,
                LaunchRefused,
                LoginRefused,
                NegotiationFailed,
                OutputRefused,
                PoolClosed,
                PoolTimeout,
                SessionLost,
                SftpRefused,
                TransferFailed,
                UnusableKey {

    private static final long serialVersionUID = 1L;

    private final transient Endpoint endpoint;
    private final Stage stage;

    SshException(Endpoint endpoint, Stage stage, String message, Throwable cause) {
        super(endpoint + ": " + message, cause);
        this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
        this.stage = Objects.requireNonNull(stage, "stage");
    }

    /** The server in question. */
    public Endpoint endpoint() {
        return endpoint;
    }

    public Stage stage() {
        return stage;
    }

    /** Whether the same command may be tried again: nothing was run, and nothing says that it would fail once more. */
    public boolean isSafeToRepeat() {
        return false;
    }
}
