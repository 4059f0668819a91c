package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;

/** What is the plugin's in JSch's words for files, and the other way round. */
final class JschFileWords {

    private static final int PERMISSION_BITS = 07777;

    /** How JSch begins the message of what the server itself answered. */
    private static final String STATUS = "SSH_FX_";

    private JschFileWords() {}

    /** JSch takes asterisks and question marks for patterns, and a backslash for what takes that meaning from them. */
    static String quoted(String path) {
        return path.replaceAll("[\\\\*?]", "\\\\$0");
    }

    static RemoteFile file(String name, SftpATTRS attributes) {
        boolean typed = (attributes.getFlags() & SftpATTRS.SSH_FILEXFER_ATTR_PERMISSIONS) != 0;
        return new RemoteFile(
                name,
                typed ? kind(attributes) : Kind.OTHER,
                Math.max(0, attributes.getSize()),
                attributes.getMTime() & 0xffff_ffffL, // unsigned in the protocol
                typed ? attributes.getPermissions() & PERMISSION_BITS : RemoteFile.NO_PERMISSIONS);
    }

    private static Kind kind(SftpATTRS attributes) {
        if (attributes.isLink()) {
            return Kind.LINK;
        }
        if (attributes.isDir()) {
            return Kind.DIRECTORY;
        }
        return attributes.isReg() ? Kind.FILE : Kind.OTHER;
    }

    /** Whether that is the server's own answer, after which the next answer belongs to the next request. */
    static boolean isStatus(SftpException e) {
        return e.getCause() == null && String.valueOf(e.getMessage()).startsWith(STATUS);
    }

    /** @param answer for which {@link #isStatus} is true */
    static TransferFailed refusal(Endpoint endpoint, String path, SftpException answer) {
        String told = answer.getMessage();
        String words = told.substring(told.indexOf(':') + 1);
        return new TransferFailed(
                endpoint, Side.HOST, JschFailures.clean(path), problem(answer.id), JschFailures.clean(words), answer);
    }

    private static Problem problem(int status) {
        return switch (status) {
            case ChannelSftp.SSH_FX_NO_SUCH_FILE -> Problem.MISSING;
            case ChannelSftp.SSH_FX_PERMISSION_DENIED -> Problem.DENIED;
            default -> Problem.OTHER;
        };
    }
}
