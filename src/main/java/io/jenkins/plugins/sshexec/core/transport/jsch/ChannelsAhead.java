package io.jenkins.plugins.sshexec.core.transport.jsch;

import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Whether sessions open a channel ahead of the next command ({@link ChannelAhead}), and on which threads.
 *
 * @param threads open the channels; each is blocked for a round trip. They must refuse none.
 * @param channelsPerSession as many commands may be under way on a session to a host without a limit of its own; 0 for no
 *     channels ahead to any host
 * @param longRoundTrip from here on a round trip is worth it
 * @param silence after so long without a byte a server is asked for a sign of life before a command is sent on such a channel
 */
public record ChannelsAhead(Executor threads, int channelsPerSession, Duration longRoundTrip, Duration silence) {

    /** No channel is opened before there is a command. */
    public static final ChannelsAhead NONE = new ChannelsAhead(Runnable::run, 0);

    /** How the identification line of OpenSSH's server begins (RFC 4253 section 4.2). */
    private static final String OPENSSH = "SSH-2.0-OpenSSH_";

    /**
     * Where a round trip takes 5 ms, and not to servers that were silent for a second. On loopback, with both sides on two cores, the
     * answer takes about 1 ms; steps of a build follow each other within milliseconds.
     */
    public ChannelsAhead(Executor threads, int channelsPerSession) {
        this(threads, channelsPerSession, Duration.ofMillis(5), Duration.ofSeconds(1));
    }

    ChannelAhead on(SessionSpec spec, SessionFacts facts) {
        boolean wanted = channelsPerSession > 0 && facts.serverVersion().startsWith(OPENSSH);
        return new ChannelAhead(this, wanted ? spec.limits().channelsPerSession(channelsPerSession) : 0);
    }
}
