package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.ChannelExec;
import java.util.Enumeration;
import java.util.Hashtable;

/**
 * Ends JSch's {@link ChannelExec#connect} after the opening of the channel and before the first request, which {@link
 * ChannelExec#start} sends later. JSch asks for the environment between the two; this one throws. JSch takes an exception for a
 * failure, and forgets the channel, but an error it lets pass, and the channel is open then.
 */
@SuppressWarnings("deprecation") // There is no other way to hand JSch an environment of one's own.
final class OpenOnly extends Hashtable<byte[], byte[]> {

    private static final long serialVersionUID = 1L;

    private OpenOnly() {}

    /** From now on {@code connect} opens the channel and throws {@link Opened}. */
    static void set(ChannelExec channel) {
        channel.setEnv(new OpenOnly());
    }

    /** The channel has an environment like any other again, an empty one. */
    static void unset(ChannelExec channel) {
        channel.setEnv(new Hashtable<>());
    }

    /** The channel is open. Without a stack trace: nothing is wrong. */
    static final class Opened extends Error {

        private static final long serialVersionUID = 1L;

        private Opened() {
            super("the channel is open", null, false, false);
        }
    }

    @Override
    public synchronized Enumeration<byte[]> keys() {
        throw new Opened();
    }
}
