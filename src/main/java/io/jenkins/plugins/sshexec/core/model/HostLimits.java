package io.jenkins.plugins.sshexec.core.model;

/**
 * What one host bears, where that is not what holds for all hosts, and how many sessions to it are kept ready. Each caller is held to
 * the limits that it brings along; no part of a {@link SessionKey}.
 *
 * @param sessionsPerHost sessions in use at once to the host and port, at least 1; 0 for as many as to any host
 * @param channelsPerSession leases at once on one session, at least 1; 0 for as many as for any host
 * @param minIdleSessions sessions that are kept open and idle, as far as the other limits allow; 0 for none
 * @param lowerOnly whether a limit that is higher than that of all hosts does not count
 */
public record HostLimits(int sessionsPerHost, int channelsPerSession, int minIdleSessions, boolean lowerOnly) {

    public static final HostLimits NONE = new HostLimits(0, 0, 0, false);

    public HostLimits {
        if (sessionsPerHost < 0 || channelsPerSession < 0 || minIdleSessions < 0) {
            throw new IllegalArgumentException("limits out of range: " + sessionsPerHost + " sessions per host, "
                    + channelsPerSession + " channels per session, " + minIdleSessions + " idle sessions");
        }
    }

    /** @param ofAll what holds for all hosts */
    public int sessionsPerHost(int ofAll) {
        return limit(sessionsPerHost, ofAll);
    }

    /** @param ofAll what holds for all hosts */
    public int channelsPerSession(int ofAll) {
        return limit(channelsPerSession, ofAll);
    }

    private int limit(int own, int ofAll) {
        if (own == 0) {
            return ofAll;
        }
        return lowerOnly ? Math.min(own, ofAll) : own;
    }
}
