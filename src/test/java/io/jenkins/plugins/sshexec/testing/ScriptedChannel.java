package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnExec;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.command.Command;

/** A channel of the {@link EmbeddedSshServer}, which does what the server is told to do with it. */
final class ScriptedChannel extends ChannelSession {

    private final EmbeddedSshServer server;

    private ScriptedChannel(EmbeddedSshServer server) {
        this.server = server;
    }

    @Override
    public OpenFuture open(long recipient, long windowSize, long packetSize, Buffer buffer) {
        OnOpen behaviour = server.onOpen();
        if (behaviour == OnOpen.ACCEPT) {
            return super.open(recipient, windowSize, packetSize, buffer);
        }
        OpenFuture answer = new DefaultOpenFuture("scripted", null);
        if (behaviour == OnOpen.REFUSE) {
            answer.setException(
                    new SshChannelOpenException(recipient, SshConstants.SSH_OPEN_RESOURCE_SHORTAGE, "scripted"));
        } else if (behaviour == OnOpen.DROP) {
            getSession().close(true);
        }
        return answer;
    }

    @Override
    protected RequestHandler.Result handleExecParsed(String request, String command) throws IOException {
        OnExec behaviour = server.onExec(command);
        switch (behaviour) {
            case REFUSE:
                return RequestHandler.Result.ReplyFailure;
            case DROP:
                getSession().close(true);
                return RequestHandler.Result.Replied;
            case HANG:
                return RequestHandler.Result.Replied; // said to MINA, not to the client
            default:
                commandInstance = new Bridge(command); // MINA starts it once the answer is on its way
                return prepareChannelCommand(request, commandInstance);
        }
    }

    /** As an exec request of {@link RemoteCall#SFTP}; the server knows no other subsystem. */
    @Override
    protected RequestHandler.Result handleSubsystemParsed(String request, String subsystem) throws IOException {
        return subsystem.equals("sftp")
                ? handleExecParsed(request, RemoteCall.SFTP)
                : RequestHandler.Result.ReplyFailure;
    }

    /** SSH_MSG_CHANNEL_REQUEST "exit-signal" (RFC 4254 section 6.10), for which MINA has no method. */
    void sendExitSignal(String name) throws IOException {
        out.flush();
        Buffer packet = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
        packet.putUInt(getRecipient());
        packet.putString("exit-signal");
        packet.putBoolean(false);
        packet.putString(name);
        packet.putBoolean(false);
        packet.putString("");
        packet.putString("");
        writePacket(packet);
        close(false);
    }

    /** From MINA's many setters to one call. */
    private final class Bridge implements Command {
        private final String command;
        private InputStream in;
        private OutputStream stdout;
        private OutputStream stderr;
        private ExitCallback exit;

        Bridge(String command) {
            this.command = command;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            stdout = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            stderr = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            server.run(new RemoteCall(command, ScriptedChannel.this, in, stdout, stderr, exit));
        }

        @Override
        public void destroy(ChannelSession channel) {
            // A script ends by itself, or with the server's executor.
        }
    }

    /** Makes the channels of one server. */
    static final class Factory extends ChannelSessionFactory {
        private final EmbeddedSshServer server;

        Factory(EmbeddedSshServer server) {
            this.server = server;
        }

        @Override
        public Channel createChannel(Session session) {
            return new ScriptedChannel(server);
        }
    }
}
