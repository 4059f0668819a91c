package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.JSchSessionDisconnectException;
import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostCertificateRefused;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.model.UnfitCharacters;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From JSch's exceptions to ours. JSch has one class for nearly everything, so the kind of failure is told by what is
 * known besides (the stage, the wire, the verdict, the packets that left); its texts are used for details only.
 */
final class JschFailures {

    /** What JSch throws when the server answers a channel request with SSH_MSG_CHANNEL_FAILURE; the exec request is ours. */
    static final String REQUEST_REFUSED = "failed to send channel request";

    private static final int MAX_DETAIL = 300;
    private static final Pattern OFFERED_METHODS = Pattern.compile("for methods '([^']*)'");

    private JschFailures() {}

    /** Why a handshake failed. Cancellation is not looked at here. */
    static SshException ofHandshake(
            SessionSpec spec,
            Duration limit,
            Deadline deadline,
            JschHostKeys hostKeys,
            Wire wire,
            String attempt,
            Exception e) {
        Endpoint endpoint = spec.endpoint();
        Optional<HostKeyVerdict.Refused> refusal = hostKeys.refusal();
        if (refusal.isPresent()) {
            return new HostKeyRefused(endpoint, hostKeys.offered(), refusal.get());
        }
        if (e instanceof JSchAlgoNegoFailException negotiation) {
            return JschAlgorithms.failure(endpoint, spec.algorithms(), negotiation);
        }
        Stage stage = hostKeys.stage();
        boolean cut = wire.lost().isPresent();
        if (hostKeys.isCertificateRefused() && !cut || e instanceof JSchHostKeyException) {
            return new HostCertificateRefused(endpoint, detail(e), e);
        }
        if (deadline.isExpired()) {
            return new ConnectTimeout(endpoint, stage, limit, e);
        }
        if (cut) {
            return ConnectFailed.dropped(endpoint, stage, clean(wire.lost().get()), e);
        }
        if (stage == Stage.LOGIN && e instanceof JSchException) {
            // The connection works and the host key is right: what ended the handshake is the server's no. If it ever
            // were
            // something else, this is the careful answer, since a login that was refused is not tried again.
            return new LoginRefused(endpoint, spec.login().shownUser(), loginDetail(attempt, e), e);
        }
        return new ConnectFailed(endpoint, stage, detail(e), e);
    }

    private static String loginDetail(String attempt, Exception e) {
        Matcher offered = OFFERED_METHODS.matcher(String.valueOf(e.getMessage()));
        return "tried " + attempt + "; "
                + (offered.find() ? "the server offers " + clean(offered.group(1)) : detail(e));
    }

    /** The server refused to open a channel (RFC 4254 section 5.1). */
    static ChannelRefused channelRefused(Endpoint endpoint, int reasonCode) {
        return new ChannelRefused(endpoint, channelRefusal(reasonCode));
    }

    /** The names that RFC 4254 section 5.1 has for the reasons. */
    static String channelRefusal(int reasonCode) {
        return switch (reasonCode) {
            case 1 -> "administratively prohibited";
            case 2 -> "connect failed";
            case 3 -> "unknown channel type";
            case 4 -> "resource shortage";
            default -> "reason code " + reasonCode;
        };
    }

    /** What an exception says, in one clean line: the server's own words where it sent a disconnect message. */
    static String detail(Throwable e) {
        if (e instanceof JSchSessionDisconnectException disconnect) {
            return "the server disconnected: " + clean(disconnect.getDescription());
        }
        Throwable told = e.getCause() != null && e.getCause().getMessage() != null ? e.getCause() : e;
        return clean(told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage());
    }

    /** Text from outside on one line, without control characters, and no longer than a log can bear. */
    static String clean(String text) {
        String line = UnfitCharacters.replaceRuns(text, ' ').strip();
        return line.length() > MAX_DETAIL ? line.substring(0, MAX_DETAIL) + "..." : line;
    }
}
