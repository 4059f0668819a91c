package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** No session could be opened; {@link #detail} says why, in the words of the operating system or the library. */
public final class ConnectFailed extends SshException {
    private static final long serialVersionUID = 1L;

    private final String detail;
    private final boolean dropped;

    public ConnectFailed(Endpoint endpoint, Stage stage, String detail, Throwable cause) {
        this(endpoint, stage, detail, false, cause);
    }

    private ConnectFailed(Endpoint endpoint, Stage stage, String detail, boolean dropped, Throwable cause) {
        super(endpoint, stage, "no connection (" + stage + "): " + detail, cause);
        this.detail = detail;
        this.dropped = dropped;
    }

    /** The other side accepted the TCP connection, and closed it before the login was done. */
    public static ConnectFailed dropped(Endpoint endpoint, Stage stage, String detail, Throwable cause) {
        return new ConnectFailed(endpoint, stage, detail, true, cause);
    }

    public String detail() {
        return detail;
    }

    @Override
    public boolean isSafeToRepeat() {
        return true;
    }

    /**
     * Whether the other side closed the connection, rather than said something that is wrong. In stage {@link
     * Stage#BANNER} that is how OpenSSH turns away whom it has no room for (MaxStartups in sshd_config(5)).
     */
    public boolean isDropped() {
        return dropped;
    }
}
