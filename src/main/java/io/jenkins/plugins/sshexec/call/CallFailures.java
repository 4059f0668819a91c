package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.DurableLost;
import io.jenkins.plugins.sshexec.core.error.DurableRefused;
import io.jenkins.plugins.sshexec.core.error.ExecRefused;
import io.jenkins.plugins.sshexec.core.error.HostCertificateRefused;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.InputUnreadable;
import io.jenkins.plugins.sshexec.core.error.LaunchRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.NegotiationFailed;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SftpRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.hosts.Target;

/** From a failure of the core to one sentence that names the host, the stage and what to do. */
final class CallFailures {

    private CallFailures() {}

    static String describe(SshException failure, Target target) {
        String host = target.describe(failure.endpoint());
        // Java 17 has no switch over sealed types; a type that is forgotten here ends in the last line.
        if (failure instanceof ConnectFailed connect) {
            return Messages.CallFailures_connectFailed(host, stage(connect.stage()), connect.detail());
        }
        if (failure instanceof NegotiationFailed negotiation) {
            return negotiation(host, negotiation);
        }
        if (failure instanceof HostUnavailable unavailable) {
            return Messages.CallFailures_hostUnavailable(
                    host,
                    unavailable.failures(),
                    // The next whole second, so that nobody comes too early.
                    unavailable.nextTryIn().plusMillis(999).toSeconds(),
                    describe(unavailable.lastFailure(), target));
        }
        if (failure instanceof ConnectTimeout timeout) {
            return Messages.CallFailures_connectTimeout(host, timeout.limit().toSeconds(), stage(timeout.stage()));
        }
        if (failure instanceof LoginRefused login) {
            return Messages.CallFailures_loginRefused(host, login.user(), login.detail());
        }
        if (failure instanceof UnusableKey key) {
            return Messages.CallFailures_unusableKey(host, key.detail());
        }
        if (failure instanceof HostKeyRefused hostKey) {
            return hostKey(host, hostKey);
        }
        if (failure instanceof HostCertificateRefused certificate) {
            return Messages.CallFailures_hostCertificateRefused(host, certificate.detail());
        }
        if (failure instanceof PoolTimeout timeout) {
            return Messages.CallFailures_poolTimeout(
                    host, timeout.limit().toSeconds(), timeout.inUse(), timeout.waiting());
        }
        if (failure instanceof PoolClosed) {
            return Messages.CallFailures_poolClosed(host);
        }
        if (failure instanceof ChannelRefused) {
            return Messages.CallFailures_channelRefused(host);
        }
        if (failure instanceof ExecRefused) {
            return Messages.CallFailures_execRefused(host);
        }
        if (failure instanceof SftpRefused refused) {
            return Messages.CallFailures_sftpRefused(host, refused.detail());
        }
        if (failure instanceof TransferFailed transfer) {
            return TransferFailures.describe(transfer, host);
        }
        if (failure instanceof SessionLost lost) {
            return lost(host, lost);
        }
        if (failure instanceof CommandTimeout timeout) {
            return timeout(host, timeout);
        }
        if (failure instanceof DurableRefused refused) {
            return refused.detail().isEmpty()
                    ? Messages.CallFailures_durableRefusedSilently(host)
                    : Messages.CallFailures_durableRefused(host, LogText.oneLine(refused.detail()));
        }
        if (failure instanceof DurableLost lost) {
            return durableLost(host, lost, target);
        }
        if (failure instanceof LaunchRefused refused) {
            return launchRefused(host, refused);
        }
        if (failure instanceof InputUnreadable input) {
            return Messages.CallFailures_inputUnreadable(host, message(input.getCause()));
        }
        if (failure instanceof OutputRefused output) {
            return Messages.CallFailures_outputRefused(host, message(output.getCause()));
        }
        return failure.getMessage();
    }

    /** It may come from an agent, or name a file with any characters in it. */
    private static String message(Throwable cause) {
        String message = cause.getMessage();
        return LogText.oneLine(message == null ? cause.toString() : message);
    }

    private static String lost(String host, SessionLost failure) {
        return switch (failure.stage()) {
            case RUN -> Messages.CallFailures_lostWhileRunning(host, failure.detail());
            case TRANSFER -> Messages.CallFailures_lostWhileCopying(host, failure.detail());
            default -> Messages.CallFailures_lostBefore(host, failure.detail());
        };
    }

    private static String timeout(String host, CommandTimeout failure) {
        long seconds = failure.limit().toSeconds();
        if (failure.stage() == Stage.TRANSFER) {
            return Messages.CallFailures_transferTimeout(host, seconds);
        }
        if (failure.idle()) {
            return Messages.CallFailures_idleTimeout(host, seconds);
        }
        return failure.stage().commandMayHaveRun()
                ? Messages.CallFailures_totalTimeout(host, seconds)
                : Messages.CallFailures_totalTimeoutBefore(host, seconds);
    }

    private static String hostKey(String host, HostKeyRefused failure) {
        String key = failure.offered().toString();
        String advice = failure.verdict().advice();
        return switch (failure.verdict().cause()) {
            case UNKNOWN -> Messages.CallFailures_hostKeyUnknown(host, key, advice);
            case CHANGED -> Messages.CallFailures_hostKeyChanged(host, key, advice);
            case REVOKED -> Messages.CallFailures_hostKeyRevoked(host, key, advice);
            case UNREADABLE -> Messages.CallFailures_hostKeyUnreadable(host, key, advice);
        };
    }

    private static String negotiation(String host, NegotiationFailed failure) {
        String kind =
                switch (failure.kind()) {
                    case KEY_EXCHANGE -> Messages.AlgorithmKind_keyExchange();
                    case HOST_KEY -> Messages.AlgorithmKind_hostKey();
                    case CIPHER -> Messages.AlgorithmKind_cipher();
                    case MAC -> Messages.AlgorithmKind_mac();
                    case COMPRESSION -> Messages.AlgorithmKind_compression();
                };
        String advice =
                failure.legacyWouldDo() ? Messages.CallFailures_allowLegacy() : Messages.CallFailures_updateServer();
        return Messages.CallFailures_negotiationFailed(host, kind, failure.offered(), failure.allowed(), advice);
    }

    private static String durableLost(Object host, DurableLost failure, Target target) {
        String why = failure.getCause() instanceof SshException cause
                ? describe(cause, target)
                : LogText.oneLine(failure.detail());
        return switch (failure.lostBy()) {
            case REBOOTED -> Messages.CallFailures_durableRebooted(host);
            case KILLED -> Messages.CallFailures_durableKilled(host);
            case REMOVED -> Messages.CallFailures_durableRemoved(host);
            case DISK_FULL -> Messages.CallFailures_durableDiskFull(host);
            case NOT_LAUNCHED -> Messages.CallFailures_durableNotLaunched(host);
            case NEVER_BEGAN -> Messages.CallFailures_durableNeverBegan(host);
            case UNREACHABLE -> Messages.CallFailures_durableUnreachable(host, why);
            case NOT_FOLLOWED -> Messages.CallFailures_durableNotFollowed(host, why);
        };
    }

    private static String launchRefused(String host, LaunchRefused failure) {
        String said = LogText.oneLine(failure.detail());
        return switch (failure.refusedBy()) {
            case DIRECTORY -> Messages.CallFailures_noDirectory(host);
            case SCRIPT ->
                said.isEmpty()
                        ? Messages.CallFailures_scriptNotWrittenSilently(host)
                        : Messages.CallFailures_scriptNotWritten(host, said);
            case NO_PASSWORD -> Messages.CallFailures_sudoWantsPassword(host);
            case WRONG_PASSWORD -> Messages.CallFailures_sudoRefusedPassword(host);
            case NO_TERMINAL -> Messages.CallFailures_sudoWantsTerminal(host);
            case NO_SUDO -> Messages.CallFailures_noSudo(host);
            case SUDO ->
                said.isEmpty() ? Messages.CallFailures_sudoSilent(host) : Messages.CallFailures_sudo(host, said);
            case SHELL ->
                said.isEmpty() ? Messages.CallFailures_noShell(host) : Messages.CallFailures_shell(host, said);
        };
    }

    private static String stage(Stage stage) {
        return switch (stage) {
            case WAITING -> Messages.Stage_waiting();
            case NAME_LOOKUP -> Messages.Stage_nameLookUp();
            case TCP -> Messages.Stage_tcp();
            case BANNER -> Messages.Stage_banner();
            case KEY_EXCHANGE -> Messages.Stage_keyExchange();
            case HOST_KEY -> Messages.Stage_hostKey();
            case LOGIN -> Messages.Stage_login();
            case CHANNEL -> Messages.Stage_channel();
            case TRANSFER -> Messages.Stage_transfer();
            case RUN -> Messages.Stage_run();
        };
    }
}
