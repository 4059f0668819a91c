package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/**
 * A command could not be run, or its end not be learnt. The type says what kind of failure it is, {@link #stage} how far
 * the command had come. The message is technical English without secrets, for the controller's log; what a user reads is
 * made from the type and its fields.
 */
public abstract sealed class SshException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Endpoint endpoint;
    private final Stage stage;

    private SshException(Endpoint endpoint, Stage stage, String message, Throwable cause) {
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

    /** No session could be opened; {@link #detail} says why, in the words of the operating system or the library. */
    public static final class ConnectFailed extends SshException {
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

    /** No connection was tried, because the latest ones to this host all failed; another is tried in a moment. */
    public static final class HostUnavailable extends SshException {
        private static final long serialVersionUID = 1L;

        private final int failures;
        private final SshException lastFailure;
        private final Duration nextTryIn;

        /**
         * @param failures connects that failed in a row
         * @param lastFailure how the last of them did
         * @param nextTryIn when the next caller's connect is tried; zero where one is under way
         */
        public HostUnavailable(Endpoint endpoint, int failures, SshException lastFailure, Duration nextTryIn) {
            super(
                    endpoint,
                    Stage.WAITING,
                    "not tried for " + nextTryIn + ", " + failures + " connects in a row failed, the last one so: "
                            + lastFailure.getMessage(),
                    lastFailure);
            this.failures = failures;
            this.lastFailure = lastFailure;
            this.nextTryIn = nextTryIn;
        }

        public int failures() {
            return failures;
        }

        public SshException lastFailure() {
            return lastFailure;
        }

        public Duration nextTryIn() {
            return nextTryIn;
        }

        @Override
        public boolean isSafeToRepeat() {
            return true;
        }
    }

    /** The server and Jenkins have no algorithm of some kind in common (RFC 4253 section 7.1). */
    public static final class NegotiationFailed extends SshException {
        private static final long serialVersionUID = 1L;

        private final AlgorithmKind kind;
        private final String offered;
        private final String allowed;
        private final boolean legacyWouldDo;

        /**
         * @param offered by the server, comma separated
         * @param allowed here, comma separated
         * @param legacyWouldDo whether the server offers one that {@link
         *     io.jenkins.plugins.sshexec.core.model.Algorithms#LEGACY} would allow
         */
        public NegotiationFailed(
                Endpoint endpoint,
                AlgorithmKind kind,
                String offered,
                String allowed,
                boolean legacyWouldDo,
                Throwable cause) {
            super(
                    endpoint,
                    Stage.KEY_EXCHANGE,
                    "no " + kind + " in common: the server offers " + offered + ", allowed is " + allowed,
                    cause);
            this.kind = kind;
            this.offered = offered;
            this.allowed = allowed;
            this.legacyWouldDo = legacyWouldDo;
        }

        public AlgorithmKind kind() {
            return kind;
        }

        public String offered() {
            return offered;
        }

        public String allowed() {
            return allowed;
        }

        public boolean legacyWouldDo() {
            return legacyWouldDo;
        }
    }

    /** Connecting took longer than the connect timeout; the stage says what it was waiting for. */
    public static final class ConnectTimeout extends SshException {
        private static final long serialVersionUID = 1L;

        private final Duration limit;

        public ConnectTimeout(Endpoint endpoint, Stage stage, Duration limit, Throwable cause) {
            super(endpoint, stage, "no connection within " + limit + " (" + stage + ")", cause);
            this.limit = limit;
        }

        public Duration limit() {
            return limit;
        }

        @Override
        public boolean isSafeToRepeat() {
            return true;
        }
    }

    /** The server did not accept the user and credentials. Never retried: servers lock out or penalise the controller. */
    public static final class LoginRefused extends SshException {
        private static final long serialVersionUID = 1L;

        private final String user;
        private final String detail;

        /** @param detail what was tried and what the server says it would accept */
        public LoginRefused(Endpoint endpoint, String user, String detail, Throwable cause) {
            super(endpoint, Stage.LOGIN, "login refused for " + user + ": " + detail, cause);
            this.user = user;
            this.detail = detail;
        }

        public String user() {
            return user;
        }

        public String detail() {
            return detail;
        }
    }

    /** A private key of the credentials cannot be read: wrong passphrase, or a format that is not supported. */
    public static final class UnusableKey extends SshException {
        private static final long serialVersionUID = 1L;

        private final String detail;

        public UnusableKey(Endpoint endpoint, String detail, Throwable cause) {
            super(endpoint, Stage.LOGIN, "unusable private key: " + detail, cause);
            this.detail = detail;
        }

        public String detail() {
            return detail;
        }
    }

    /** The host key policy refused the server. */
    public static final class HostKeyRefused extends SshException {
        private static final long serialVersionUID = 1L;

        private final transient HostKey offered;
        private final transient HostKeyVerdict.Refused verdict;

        public HostKeyRefused(Endpoint endpoint, HostKey offered, HostKeyVerdict.Refused verdict) {
            super(endpoint, Stage.HOST_KEY, "host key " + offered + " refused (" + verdict.cause() + ")", null);
            this.offered = offered;
            this.verdict = verdict;
        }

        public HostKey offered() {
            return offered;
        }

        public HostKeyVerdict.Refused verdict() {
            return verdict;
        }
    }

    /** The server showed an OpenSSH host certificate that is not good: expired, for another host, of another authority ... */
    public static final class HostCertificateRefused extends SshException {
        private static final long serialVersionUID = 1L;

        private final String detail;

        public HostCertificateRefused(Endpoint endpoint, String detail, Throwable cause) {
            super(endpoint, Stage.HOST_KEY, "host certificate refused: " + detail, cause);
            this.detail = detail;
        }

        public String detail() {
            return detail;
        }
    }

    /** No session became free within the waiting timeout. */
    public static final class PoolTimeout extends SshException {
        private static final long serialVersionUID = 1L;

        private final Duration limit;
        private final int inUse;
        private final int waiting;

        /**
         * @param inUse leases out to this host when the time was over
         * @param waiting callers in line for this host then, this one included
         */
        public PoolTimeout(Endpoint endpoint, Duration limit, int inUse, int waiting) {
            super(
                    endpoint,
                    Stage.WAITING,
                    "no free session within " + limit + ", " + inUse + " in use, " + waiting + " waiting",
                    null);
            this.limit = limit;
            this.inUse = inUse;
            this.waiting = waiting;
        }

        public Duration limit() {
            return limit;
        }

        public int inUse() {
            return inUse;
        }

        public int waiting() {
            return waiting;
        }

        @Override
        public boolean isSafeToRepeat() {
            return true;
        }
    }

    /** The pool is shut down: Jenkins is stopping, or the plugin is being replaced. */
    public static final class PoolClosed extends SshException {
        private static final long serialVersionUID = 1L;

        public PoolClosed(Endpoint endpoint) {
            super(endpoint, Stage.WAITING, "the session pool is shut down", null);
        }
    }

    /**
     * The server lets no further channel be opened on this session (MaxSessions in sshd_config(5), RFC 4254 section 5.1).
     * The session itself stays in use.
     */
    public static final class ChannelRefused extends SshException {
        private static final long serialVersionUID = 1L;

        public ChannelRefused(Endpoint endpoint, String detail) {
            super(endpoint, Stage.CHANNEL, "channel refused: " + detail, null);
        }

        @Override
        public boolean isSafeToRepeat() {
            return true;
        }
    }

    /** The server opened a channel, but refused the exec request (RFC 4254 section 6.5): no command ran. */
    public static final class ExecRefused extends SshException {
        private static final long serialVersionUID = 1L;

        public ExecRefused(Endpoint endpoint, String detail) {
            super(endpoint, Stage.CHANNEL, "exec request refused: " + detail, null);
        }
    }

    /** The session ended while it was needed. In stage {@link Stage#CHANNEL} nothing ran; in {@link Stage#RUN} it may have. */
    public static final class SessionLost extends SshException {
        private static final long serialVersionUID = 1L;

        private final String detail;

        public SessionLost(Endpoint endpoint, Stage stage, String detail, Throwable cause) {
            super(endpoint, stage, "session lost (" + stage + "): " + detail, cause);
            this.detail = detail;
        }

        public String detail() {
            return detail;
        }

        @Override
        public boolean isSafeToRepeat() {
            return !stage().commandMayHaveRun();
        }
    }

    /**
     * The command took longer than its caller allows, or wrote nothing for too long, and was ended. In stages before {@link
     * Stage#RUN} it was not sent.
     */
    public static final class CommandTimeout extends SshException {
        private static final long serialVersionUID = 1L;

        private final boolean idle;
        private final Duration limit;

        /** @param idle whether the limit is that of silence, rather than that in total */
        public CommandTimeout(Endpoint endpoint, Stage stage, boolean idle, Duration limit) {
            super(endpoint, stage, (idle ? "no output for " : "not ended within ") + limit, null);
            this.idle = idle;
            this.limit = limit;
        }

        public boolean idle() {
            return idle;
        }

        public Duration limit() {
            return limit;
        }

        @Override
        public boolean isSafeToRepeat() {
            return !stage().commandMayHaveRun();
        }
    }

    /** The output could not be handed on: the build's log or the output's limit refused it. The command was ended. */
    public static final class OutputRefused extends SshException {
        private static final long serialVersionUID = 1L;

        public OutputRefused(Endpoint endpoint, IOException cause) {
            super(endpoint, Stage.RUN, "output refused: " + cause.getMessage(), cause);
        }
    }

    /** The host cannot run durable commands as this user; nothing was run. */
    public static final class DurableRefused extends SshException {
        private static final long serialVersionUID = 1L;

        private final String detail;

        /** @param detail in the words of the host's shell and tools; empty where these said nothing of use */
        public DurableRefused(Endpoint endpoint, String detail) {
            super(endpoint, Stage.CHANNEL, "no durable command: " + detail, null);
            this.detail = detail;
        }

        public String detail() {
            return detail;
        }
    }

    /** How a durable command ended cannot be learnt, or not all of its output. */
    public static final class DurableLost extends SshException {
        private static final long serialVersionUID = 1L;

        /** What was found. */
        public enum Cause {
            /** The host was started again while the command ran. */
            REBOOTED,
            /** The process that waits for the command's end is gone, and has left no result. */
            KILLED,
            /** The command's folder is gone. */
            REMOVED,
            /** The disk under the command's folder is full. The command was ended. */
            DISK_FULL,
            /** The launch was never sent, and the one who was about to is no more. */
            NOT_LAUNCHED,
            /** The launch was begun, and the command never was. */
            NEVER_BEGAN,
            /** The host could not be reached for too long; the detail says why. */
            UNREACHABLE,
            /** The host lets this user in no more, or answers no more; the detail says why. */
            NOT_FOLLOWED
        }

        private final Cause lostBy;
        private final String detail;

        /** @param detail empty where there is none, or where it is that of the cause */
        public DurableLost(Endpoint endpoint, Cause lostBy, String detail, Throwable cause) {
            super(
                    endpoint,
                    lostBy == Cause.NOT_LAUNCHED || lostBy == Cause.NEVER_BEGAN ? Stage.CHANNEL : Stage.RUN,
                    "durable command lost (" + lostBy + "): " + (cause == null ? detail : cause.getMessage()),
                    cause);
            this.lostBy = lostBy;
            this.detail = detail;
        }

        public Cause lostBy() {
            return lostBy;
        }

        @Override
        public boolean isSafeToRepeat() {
            return lostBy == Cause.NOT_LAUNCHED;
        }

        public String detail() {
            return detail;
        }
    }
}
