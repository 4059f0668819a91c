package io.jenkins.plugins.sshexec.benchmark;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSch with a connection of its own for each call, which is how plugins without a pool use it. */
record JschClient(Endpoint endpoint, String user, Path identity) {

    /** What goes over one channel. */
    @FunctionalInterface
    private interface Copying {
        void by(ChannelSftp channel) throws IOException, SftpException;
    }

    private void connected(Copying copying) throws IOException, JSchException, SftpException {
        JSch jsch = new JSch();
        jsch.addIdentity(identity.toString());
        Session session = jsch.getSession(user, endpoint.host(), endpoint.port());
        session.setConfig("StrictHostKeyChecking", "no");
        session.connect();
        try {
            ChannelSftp channel = (ChannelSftp) session.openChannel("sftp");
            channel.connect();
            copying.by(channel);
        } finally {
            session.disconnect();
        }
    }

    void copyFile(Path source, String target) throws IOException, JSchException, SftpException {
        connected(channel -> channel.put(source.toString(), target, ChannelSftp.OVERWRITE));
    }

    /** As a step of SSH Pipeline Steps copies a directory: over one channel, one file after the other. */
    void copyTree(Path source, String target) throws IOException, JSchException, SftpException {
        connected(channel -> copyTree(channel, source, target));
    }

    private static void copyTree(ChannelSftp channel, Path source, String target) throws IOException, SftpException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(source)) {
            for (Path child : children) {
                String path = target + "/" + child.getFileName();
                if (Files.isDirectory(child)) {
                    channel.mkdir(path);
                    copyTree(channel, child, path);
                } else {
                    channel.put(child.toString(), path, ChannelSftp.OVERWRITE);
                }
            }
        }
    }
}
